/** The proxy tells pages their own path and query here, for the way back after signing in. */
export const PATH_HEADER = "x-entente-path";
