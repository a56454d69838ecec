const COMMON = ["EUR", "CHF", "GBP", "USD", "CAD"];

/** Codes this runtime knows, the person's own and the usual ones first. */
export function currencies(own: string | undefined): string[] {
  return [
    ...new Set([...(own === undefined ? [] : [own]), ...COMMON, ...Intl.supportedValuesOf("currency")]),
  ];
}
