/** Where a row belongs: what every business row carries, and what a scope is made of. */
export interface Place {
  readonly fondsId: string;
  readonly unitId: string;
  readonly category: string;
  readonly level: number;
}
