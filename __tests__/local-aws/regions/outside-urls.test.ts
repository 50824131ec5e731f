import { declaredHosts, withLocalUrls } from "../../../local-aws/regions/outside-urls";
import { smallTopology } from "../small-topology";

const OUTSIDE = {
  vendorUrl: "http://127.0.0.1:1/charges",
  frontDoorUrl: "http://127.0.0.1:2",
  declaredHosts: declaredHosts(smallTopology()),
};

test.each([
  ["https://api.example.com/live?a=b", "http://127.0.0.1:2/https/api.example.com/live?a=b"],
  ["https://API.example.com", "http://127.0.0.1:2/https/api.example.com"],
  ["https://us-east-1.api.example.com:443/health", "http://127.0.0.1:2/https/us-east-1.api.example.com/health"],
  ["https://api.example.com.evil.test/", "http://127.0.0.1:1/charges"],
  ["https://payments.example.net/v1", "http://127.0.0.1:1/charges"],
  ["https://sqs.us-east-1.amazonaws.com/1/q", "https://sqs.us-east-1.amazonaws.com/1/q"],
  ["api.example.com", "api.example.com"],
  ["", ""],
])("%p leads to %p", (value, expected) => {
  expect(withLocalUrls({ URL: value, OTHER: "1" }, OUTSIDE)).toEqual({ URL: expected, OTHER: "1" });
});
