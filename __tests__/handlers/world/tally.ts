/** How often something happened, over all histories played: what never happens proves nothing. */
export class Tally {
  histories = 0;
  acknowledged = 0;
  repeatsAnsweredElsewhere = 0;
  keysRefused = 0;
  deaths = 0;
  charges = 0;
  swept = 0;
  conflicts = 0;
  /** Lines that were set in one region while the other had a change of the same cart that had not arrived. */
  concurrentChanges = 0;
  /** Changes of carts that both regions hold in the end. */
  cartChanges = 0;
  partitions = 0;
}
