import { expectWellFormedSettingsToSynthesize } from "./random-settings";

test("well-formed settings synthesize, whatever their values", () => expectWellFormedSettingsToSynthesize(40));
