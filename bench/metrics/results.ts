/** Size and time of one page of metrics. */
export interface ScrapedPage {
  readonly path: string;
  readonly seriesPerTarget: number;
  readonly otherSeries: number;
  readonly bytes: number;
  readonly gzippedBytes: number;
  /** From the request until the last byte, ms. */
  readonly medianMs: number;
  readonly medianGzippedMs: number;
}

export interface ScrapeResults {
  readonly day: string;
  readonly machine: string;
  readonly targets: number;
  readonly pages: readonly ScrapedPage[];
}
