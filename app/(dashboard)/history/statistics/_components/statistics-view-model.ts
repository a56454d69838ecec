/** What the figures cover; `90` is as long as the ledger is kept. */
export const SPANS = ["7", "30", "90"] as const;
type Span = (typeof SPANS)[number];

/** As they stand in the address. An empty id is every account. */
export interface StatisticsFilters {
  integrationId: string;
  days: Span;
}

export interface FiguresView {
  runs: number;
  succeeded: number;
  failed: number;
  /** Null without runs. */
  successRate: number | null;
  eventsIn: number;
  eventsOut: number;
  delayP50Ms: number | null;
  delayP95Ms: number | null;
}

export interface DayView extends FiguresView {
  date: string;
  /** When the day begins, for words in the person's zone. */
  startsAt: Date;
}

export interface StatisticsView {
  total: FiguresView;
  days: DayView[];
}
