/** Binary heap: `pop` gives the entry that comes `before` all others. */
export interface PriorityQueue<T> {
  push(entry: T): void;
  pop(): T | undefined;
  readonly size: number;
  clear(): void;
}

export function createPriorityQueue<T>(before: (a: T, b: T) => boolean): PriorityQueue<T> {
  const heap: T[] = [];

  function comesFirst(a: number, b: number): boolean {
    const left = heap[a];
    const right = heap[b];
    return left !== undefined && right !== undefined && before(left, right);
  }

  function swap(a: number, b: number): void {
    const held = heap[a] as T;
    heap[a] = heap[b] as T;
    heap[b] = held;
  }

  function sink(start: number): void {
    let index = start;
    for (;;) {
      const left = 2 * index + 1;
      let first = index;
      if (left < heap.length && comesFirst(left, first)) first = left;
      if (left + 1 < heap.length && comesFirst(left + 1, first)) first = left + 1;
      if (first === index) return;
      swap(index, first);
      index = first;
    }
  }

  return {
    push(entry) {
      let index = heap.push(entry) - 1;
      while (index > 0) {
        const parent = (index - 1) >> 1;
        if (!comesFirst(index, parent)) return;
        swap(index, parent);
        index = parent;
      }
    },
    pop() {
      const first = heap[0];
      const last = heap.pop();
      if (heap.length > 0 && last !== undefined) {
        heap[0] = last;
        sink(0);
      }
      return first;
    },
    get size() {
      return heap.length;
    },
    clear() {
      heap.length = 0;
    },
  };
}
