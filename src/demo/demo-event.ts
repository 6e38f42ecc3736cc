/** Something worth a line. `order`: what the demo did; `news`: what the fleet made of it. */
export interface DemoEvent {
  /** Wall clock, ms. */
  readonly atMs: number;
  readonly kind: 'order' | 'news';
  readonly text: string;
}
