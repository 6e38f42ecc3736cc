/** One line of output. `order`: an action of the demo; `news`: a reaction of the fleet. */
export interface DemoEvent {
  /** Wall clock, ms. */
  readonly atMs: number;
  readonly kind: 'order' | 'news';
  readonly text: string;
}
