/**
 * What a package registry says of the dependencies of an action. The implementation reads the person's npm registry
 * and belongs to the network bundle; everything here works without it.
 */

export interface PackageFacts {
  readonly name: string;
  /** Published versions in the registry's order, the oldest first. */
  readonly versions: readonly string[];
  /** The version that the tag `latest` names. */
  readonly latest?: string;
  /** Versions that run a script when they are installed, as native add-ons do. */
  readonly withInstallScript: ReadonlySet<string>;
  /** Version -> why its publishers advise against it. */
  readonly deprecated: ReadonlyMap<string, string>;
}

export interface PackageHit {
  readonly name: string;
  readonly version: string;
  readonly description?: string;
}

export interface PackageRegistry {
  /**
   * What the registry has of a package; `undefined` where it has none of that name. Answers are shared and kept for a
   * while. Rejects where the registry cannot be asked: nothing may be concluded from that.
   */
  facts(name: string, signal?: AbortSignal): Promise<PackageFacts | undefined>;
  /** Packages that match a text, the best first. Rejects where the registry cannot be asked. */
  search(text: string, signal?: AbortSignal): Promise<readonly PackageHit[]>;
}
