/** Where a visit ended: on a page of the sandbox, or at an address outside it. */
export interface Visit {
  status: number;
  html: string;
  headers: Headers;
  /** The address outside the sandbox the last redirect pointed to. */
  left: URL | undefined;
}

export interface TestBrowser {
  open(url: string): Promise<Visit>;
  /** Submits a form of that page; `flow` is filled in from it. */
  submit(page: Visit, path: string, fields: Record<string, string | string[]>): Promise<Visit>;
}

/** A browser with a cookie jar and no scripts, enough for sign-in pages. */
export function createTestBrowser(origin: string): TestBrowser {
  const jar = new Map<string, string>();
  const visit = async (start: string, init: RequestInit = {}): Promise<Visit> => {
    let url = new URL(start, origin);
    let request = init;
    for (let hops = 0; hops < 10; hops += 1) {
      const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
      const response = await fetch(url, {
        ...request,
        redirect: "manual",
        headers: { ...request.headers, cookie },
      });
      for (const line of response.headers.getSetCookie()) {
        const [name = "", value = ""] = (line.split(";")[0] ?? "").split("=");
        jar.set(name, value);
      }
      const location = response.headers.get("location");
      if (location === null) {
        return {
          status: response.status,
          html: await response.text(),
          headers: response.headers,
          left: undefined,
        };
      }
      url = new URL(location, url);
      if (url.origin !== origin)
        return { status: response.status, html: "", headers: response.headers, left: url };
      request = {};
    }
    throw new Error("Too many redirects");
  };
  return {
    open: (url) => visit(url),
    submit(page, path, fields) {
      const body = new URLSearchParams();
      const flow = /name="flow" value="([^"]+)"/.exec(page.html)?.[1];
      if (flow !== undefined) body.set("flow", flow);
      for (const [name, values] of Object.entries(fields))
        for (const value of [values].flat()) body.append(name, value);
      return visit(path, { method: "POST", body });
    },
  };
}
