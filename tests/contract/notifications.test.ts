import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { resolveNotice } from "@/lib/organizations/notify";
import { newId } from "@/lib/platform/ids";
import { apiWorld, type Caller, expectProblem, json } from "./api-world";
import { tellSomething } from "./samples";

const world = apiWorld();

interface Notification {
  id: string;
  kind: string;
  title: string;
  body: string;
  action: { label: string; href: string };
  subject: { type: string; id: string };
  createdAt: string;
  readAt: string | null;
  resolvedAt: string | null;
}
type List = { data: Notification[]; nextCursor: string | null };

let alice: Caller;
let bob: Caller;
let connectionId: string;
beforeAll(async () => {
  bob = await world.caller();
  await tell(bob, "bob's");
});
beforeEach(async () => {
  alice = await world.caller();
  connectionId = newId(world.services.clock.now());
});

const tell = (person: Caller, key: string) =>
  tellSomething(world, person.userId, connectionId ?? newId(world.services.clock.now()), key);
const list = async (query = "", { key } = alice) =>
  json<List>(await world.call("GET", `/notifications${query}`, { key }));
const ids = async (query = "") => (await list(query)).data.map(({ id }) => id);
const read = (id: string, key = alice.key) => world.call("POST", `/notifications/${id}/read`, { key });
const over = (key: string) =>
  world.services.db.transaction((tx) => resolveNotice(tx, alice.userId, key, world.services.clock.now()));

describe("GET /notifications", () => {
  it("says what happened, what helps and where, about what", async () => {
    const id = await tell(alice, "one");
    const { data, nextCursor } = await list();
    expect(nextCursor).toBeNull();
    expect(data).toEqual([
      {
        id,
        kind: "sync_failing",
        title: "“Work” is not being read",
        body: expect.stringContaining("zoe@example.test"),
        action: { label: "See the account", href: `/integrations#integration-${connectionId}` },
        subject: { type: "integration", id: connectionId },
        createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        readAt: null,
        resolvedAt: null,
      },
    ]);
  });

  it("speaks the person's language as it is when asked", async () => {
    await tell(alice, "one");
    await json(await world.call("PATCH", "/me", { key: alice.key, body: { locale: "fr" } }));
    expect((await list()).data[0]?.title).toBe("«\u00a0Work\u00a0» n’est plus lu");
  });

  it("lists newest first, page by page, each once", async () => {
    const made: string[] = [];
    for (const key of ["a", "b", "c", "d", "e"]) made.unshift(await tell(alice, key));
    const seen: string[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const page: List = await list(`?limit=2${cursor === "" ? "" : `&cursor=${cursor}`}`);
      expect(page.data.length).toBeLessThanOrEqual(2);
      seen.push(...page.data.map(({ id }) => id));
      cursor = page.nextCursor;
    }
    expect([...seen].sort()).toEqual([...made].sort());
    const times = (await list()).data.map(({ createdAt }) => createdAt);
    expect(times).toEqual([...times].sort().reverse());
  });

  it("with unread=true leaves out what is read or over", async () => {
    const [first, second, third] = [await tell(alice, "a"), await tell(alice, "b"), await tell(alice, "c")];
    await json(await read(first));
    await over("b");
    expect(await ids("?unread=true")).toEqual([third]);
    expect((await ids("?unread=false")).sort()).toEqual([first, second, third].sort());
    const ended = (await list()).data.find(({ id }) => id === second);
    expect(ended).toMatchObject({ readAt: null, resolvedAt: expect.any(String) });
  });

  it("shows nobody else's, and refuses what is no page of it", async () => {
    expect(await ids()).toEqual([]);
    const { key } = alice;
    for (const query of ["?cursor=nonsense", "?unread=perhaps", "?limit=0"]) {
      await expectProblem(await world.call("GET", `/notifications${query}`, { key }), 400, "invalid_input");
    }
  });
});

describe("POST /notifications/{id}/read", () => {
  it("marks it once; the same again answers the same", async () => {
    const id = await tell(alice, "one");
    const first = await json<Notification>(await read(id));
    expect(first.readAt).toEqual(expect.any(String));
    expect(await json<Notification>(await read(id))).toEqual(first);
    expect((await list()).data).toEqual([first]);
  });

  it("does not end what it tells of, so that it is not told again", async () => {
    const id = await tell(alice, "one");
    await json(await read(id));
    expect(await tell(alice, "one")).toBe(id);
    expect((await list()).data).toMatchObject([{ id, resolvedAt: null }]);
  });

  it("is a 404 for somebody else's, which stays unread", async () => {
    const foreign = (await list("", bob)).data[0]?.id ?? "none";
    await expectProblem(await read(foreign), 404, "not_found");
    expect((await list("", bob)).data[0]?.readAt).toBeNull();
  });

  it("needs `write`; a key that only reads may look", async () => {
    const id = await tell(alice, "one");
    const key = await world.keyFor(alice, ["read"]);
    await expectProblem(await read(id, key), 403, "forbidden");
    expect((await list("", { ...alice, key })).data[0]?.readAt).toBeNull();
  });
});
