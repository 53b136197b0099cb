/** Runs `work` while this process alone holds `folder`. */
export function withLock<T>(folder: string, work: () => Promise<T>): Promise<T>;
