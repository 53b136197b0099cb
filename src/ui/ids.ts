// Generated from package.json by `npm run generate`: do not edit. The ids of everything the manifest declares.

/** Commands. */
export const commands = {
  deploy: 'auth0Actions.deploy',
  deployChanged: 'auth0Actions.deployChanged',
  deployVersion: 'auth0Actions.deployVersion',
  refresh: 'auth0Actions.refresh',
  refreshAll: 'auth0Actions.refreshAll',
  openDraft: 'auth0Actions.openDraft',
  openVersion: 'auth0Actions.openVersion',
  compareDraftWithDeployed: 'auth0Actions.compareDraftWithDeployed',
  compareVersions: 'auth0Actions.compareVersions',
  compareDraftWithTenant: 'auth0Actions.compareDraftWithTenant',
  takeTheirs: 'auth0Actions.takeTheirs',
  compareWithTenant: 'auth0Actions.compareWithTenant',
  addToFlow: 'auth0Actions.addToFlow',
  moveInFlow: 'auth0Actions.moveInFlow',
  removeFromFlow: 'auth0Actions.removeFromFlow',
  setSecret: 'auth0Actions.setSecret',
  removeSecret: 'auth0Actions.removeSecret',
  setSecretsFromFile: 'auth0Actions.setSecretsFromFile',
  addDependency: 'auth0Actions.addDependency',
  setDependencyVersion: 'auth0Actions.setDependencyVersion',
  removeDependency: 'auth0Actions.removeDependency',
  pinModule: 'auth0Actions.pinModule',
  setRuntime: 'auth0Actions.setRuntime',
  pushFile: 'auth0Actions.pushFile',
  pullFile: 'auth0Actions.pullFile',
  compareFileWithDraft: 'auth0Actions.compareFileWithDraft',
  compareFileWithLive: 'auth0Actions.compareFileWithLive',
  revealInTree: 'auth0Actions.revealInTree',
  linkFile: 'auth0Actions.linkFile',
  unlinkFile: 'auth0Actions.unlinkFile',
  setFolderTenant: 'auth0Actions.setFolderTenant',
  openLocalFile: 'auth0Actions.openLocalFile',
  fileMenu: 'auth0Actions.fileMenu',
  refreshFiles: 'auth0Actions.refreshFiles',
  createAction: 'auth0Actions.createAction',
  renameAction: 'auth0Actions.renameAction',
  deleteAction: 'auth0Actions.deleteAction',
  connect: 'auth0Actions.connect',
  reconnect: 'auth0Actions.reconnect',
  disconnect: 'auth0Actions.disconnect',
  renameTenant: 'auth0Actions.renameTenant',
  labelTenant: 'auth0Actions.labelTenant',
  protectTenant: 'auth0Actions.protectTenant',
  unprotectTenant: 'auth0Actions.unprotectTenant',
  moveTenantUp: 'auth0Actions.moveTenantUp',
  moveTenantDown: 'auth0Actions.moveTenantDown',
  openDemoTenant: 'auth0Actions.openDemoTenant',
  showDeployments: 'auth0Actions.showDeployments',
  undoDeployment: 'auth0Actions.undoDeployment',
  showHistory: 'auth0Actions.showHistory',
  findLiveCommit: 'auth0Actions.findLiveCommit',
  lookAgain: 'auth0Actions.lookAgain',
  cancelDeployment: 'auth0Actions.cancelDeployment',
  testAction: 'auth0Actions.testAction',
  newEvent: 'auth0Actions.newEvent',
  deleteEvent: 'auth0Actions.deleteEvent',
  compareRuns: 'auth0Actions.compareRuns',
  showErrors: 'auth0Actions.showErrors',
  findAction: 'auth0Actions.findAction',
  openInDashboard: 'auth0Actions.openInDashboard',
  copyId: 'auth0Actions.copyId',
  copyLink: 'auth0Actions.copyLink',
  showLog: 'auth0Actions.showLog',
  openWalkthrough: 'auth0Actions.openWalkthrough',
  loadMore: 'auth0Actions.loadMore',
  retry: 'auth0Actions.retry',
  pullTenant: 'auth0Actions.pullTenant',
  pushFiles: 'auth0Actions.pushFiles',
  runLocally: 'auth0Actions.runLocally',
  debugLocally: 'auth0Actions.debugLocally',
} as const;

/** The extension's own id. */
export const extensionId = 'actions-for-auth0.auth0-actions';

/** Views. */
export const views = {
  explorer: 'auth0Actions.explorer',
  drift: 'auth0Actions.drift',
} as const;

/** The section of all settings, for `workspace.getConfiguration`. */
export const settingsSection = 'auth0Actions';

/** Settings, relative to their section. */
export const settings = {
  notifications: 'notifications',
  confirmDeploy: 'confirmDeploy',
  deployOnSave: 'deployOnSave',
  checksRegistry: 'checks.registry',
  deviceIssuer: 'device.issuer',
  deviceClientId: 'device.clientId',
  deviceAudience: 'device.audience',
  cliPath: 'cliPath',
  files: 'files',
} as const;

/** Context keys that `when` clauses ask for. */
export const contextKeys = {
  didConnect: 'auth0Actions.did.connect',
  didDeploy: 'auth0Actions.did.deploy',
  didOpenDemo: 'auth0Actions.did.openDemo',
  didOpenDraft: 'auth0Actions.did.openDraft',
  didReadError: 'auth0Actions.did.readError',
  linkedFiles: 'auth0Actions.linkedFiles',
  reason: 'auth0Actions.reason',
  state: 'auth0Actions.state',
} as const;

/** Schemes of the documents. */
export const schemes = {
  auth0Actions: 'auth0-actions',
  auth0ActionsVersion: 'auth0-actions-version',
  auth0ActionsRun: 'auth0-actions-run',
  auth0ActionsSchema: 'auth0-actions-schema',
} as const;

export type CommandId = (typeof commands)[keyof typeof commands];
export type ContextKey = (typeof contextKeys)[keyof typeof contextKeys];
