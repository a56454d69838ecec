interface PolicyInput {
  nonce: string;
  /** Origins a form may end at after a redirect: the vendors' consent pages, or what stands in for them. */
  formTargets: readonly string[];
  https: boolean;
  /** React's development build evaluates strings to rebuild server stacks; a production build never does. */
  development: boolean;
}

/**
 * The policy of every page. Styles may be inline: the toast and dialog libraries add style elements at run time
 * and have no seam for a nonce. Scripts may not.
 */
export function contentSecurityPolicy({ nonce, formTargets, https, development }: PolicyInput): string {
  const directives = [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ""}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    ["form-action 'self'", ...formTargets].join(" "),
    "frame-ancestors 'none'",
    ...(https ? ["upgrade-insecure-requests"] : []),
  ];
  return directives.join("; ");
}
