/** What is said of the disk and of this person's file: codes and their arguments. */
export interface StoreArgs {
  "store-closed": readonly [];
}
