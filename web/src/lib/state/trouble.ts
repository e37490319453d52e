/** Something went wrong; what a field says itself is not repeated. */
export interface Trouble {
  readonly title: string;
  readonly message: string;
}
