/** One step of a diagnosis. Pages translate by `code`; the API speaks English. */
export interface Check {
  code: string;
  status: "ok" | "warning" | "failed";
  title: string;
  detail: string;
  /** What helps; null when nothing needs to. */
  fix: string | null;
}

export function ok(code: string, title: string, detail: string): Check {
  return { code, status: "ok", title, detail, fix: null };
}

export function warning(code: string, title: string, detail: string, fix: string | null): Check {
  return { code, status: "warning", title, detail, fix };
}

export function failed(code: string, title: string, detail: string, fix: string): Check {
  return { code, status: "failed", title, detail, fix };
}
