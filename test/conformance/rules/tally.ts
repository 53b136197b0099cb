/** How often each rule was checked, and held. */
export interface Count {
  run: number;
  held: number;
  readonly broken: string[];
}

export class Tally {
  readonly counts = new Map<string, Count>();

  check(rule: string, held: boolean, where: () => string): void {
    const count = this.counts.get(rule) ?? { run: 0, held: 0, broken: [] };
    this.counts.set(rule, count);
    count.run += 1;
    if (held) {
      count.held += 1;
    } else {
      count.broken.push(`${rule}: ${where()}`);
    }
  }

  add(other: Tally): void {
    for (const [rule, { run, held, broken }] of other.counts) {
      const count = this.counts.get(rule) ?? { run: 0, held: 0, broken: [] };
      this.counts.set(rule, count);
      count.run += run;
      count.held += held;
      count.broken.push(...broken);
    }
  }

  get broken(): readonly string[] {
    return [...this.counts.values()].flatMap(count => count.broken);
  }

  get summary(): string {
    const sum = (key: 'run' | 'held'): number => [...this.counts.values()].reduce((total, count) => total + count[key], 0);
    return `${this.counts.size} rules, ${sum('run')} checks run, ${sum('held')} held`;
  }
}

export function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
