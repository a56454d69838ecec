/** Who a request acts for, as far as its token tells. */
export interface Caller {
  /** E-mail of the account. */
  account: string;
  clientId: string;
  scopes: ReadonlySet<string>;
}
