import type { Disposable } from 'vscode';

/** Holds everything that must be let go; what is added after the end is let go at once. */
export class Disposables implements Disposable {
  readonly #items: { dispose(): unknown }[] = [];
  #disposed = false;

  add<T extends { dispose(): unknown }>(item: T): T {
    if (this.#disposed) {
      item.dispose();
    } else {
      this.#items.push(item);
    }
    return item;
  }

  /** Takes the function that undoes something, as Emitter.on returns it. */
  undo(dispose: () => void): void {
    this.add({ dispose });
  }

  dispose(): void {
    this.#disposed = true;
    for (const item of this.#items.splice(0).reverse()) {
      item.dispose();
    }
  }
}
