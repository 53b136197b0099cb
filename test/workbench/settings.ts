// Settings that the windows of tests and of the demo begin with.

/** VS Code's TypeScript support else installs types from the public registry, with npm, beside every window that shows JavaScript. By its older and its newer name. */
export const noTypesFromRegistry: Readonly<Record<string, unknown>> = {
  'typescript.disableAutomaticTypeAcquisition': true,
  'js/ts.tsserver.automaticTypeAcquisition.enabled': false,
};

/** Settings of a quiet window, for UI tests and the demo: nothing opens by itself, nothing asks. */
export const quietSettings: Readonly<Record<string, unknown>> = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
  'telemetry.telemetryLevel': 'off',
  'update.showReleaseNotes': false,
  'extensions.ignoreRecommendations': true,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'chat.commandCenter.enabled': false,
  'chat.disableAIFeatures': true,
  'security.workspace.trust.startupPrompt': 'never',
  // The simulator's port needs no forwarding: its caller is in the same process.
  'remote.autoForwardPorts': false,
  'git.openRepositoryInParentFolders': 'never',
  // No test and no demo asks a real package registry; a test that wants a false one turns it on.
  'auth0Actions.checks.registry': false,
  ...noTypesFromRegistry,
};
