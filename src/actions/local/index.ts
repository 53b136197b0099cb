/** The entry of what is needed for files of a workspace alone. */
export { LARGEST_DESCRIPTION, LARGEST_TENANT_FILE, readDescription } from './descriptions.ts';
export type { LocalAction } from './descriptions.ts';
export { TYPES_FOLDER, descriptionBeside, eventsFolder, folderBeside, isBeside, namesTypes, placesOf, placesOfCode } from './places.ts';
export { readTenantFile } from './tenantFile.ts';
export { driftOf, hasDrift, stepOf } from './drift.ts';
export type { Drift, DriftFacts, FileDrift, LiveDrift, Step } from './drift.ts';
