/**
 * What a linked file says: its code, and what the description of its action says beside that, with marks replaced as
 * auth0-deploy-cli does it. A file that belongs to an action of another name than its description's says its code alone.
 */
import * as vscode from 'vscode';
import { differenceOf, obstacleOf } from '../../actions/local/differences.ts';
import type { Difference, PushObstacle } from '../../actions/local/differences.ts';
import { exportAction, hasOwnKeys } from '../../actions/local/exported.ts';
import { keepMarks, keepMarksInJson, openMarks, resolveMarks } from '../../actions/local/marks.ts';
import type { Mappings } from '../../actions/local/config.ts';
import { readStated } from '../../actions/local/stated.ts';
import type { StatedAction } from '../../actions/local/stated.ts';
import { readStatedFile } from '../../actions/local/tenantFile.ts';
import { sentText } from '../../actions/local/repository.ts';
import type { LocalMark } from '../../actions/local/repository.ts';
import type { Action, ActionChange, Content } from '../../auth0/api.ts';
import { UserError } from '../errorWords.ts';
import { short } from '../texts.ts';
import { isPlain, pathIn } from './linkedFiles.ts';
import type { Linked } from './linkedFiles.ts';
import { readCode, readText, sameCode, writeText } from './localFile.ts';
import { obstacleWords } from './pushWords.ts';
import { mappingsFor, repositoryFolders } from './repositoryFolders.ts';

export interface FileContent {
  /** As it is in the file. */
  readonly text: string;
  /** Marks replaced: what is sent. */
  readonly code: string;
  /** In a repository of auth0-deploy-cli: what stands for its marks. */
  readonly mappings?: Mappings;
  readonly description?: {
    readonly uri: vscode.Uri;
    readonly text: string;
    readonly stated: StatedAction;
  };
  /** A description claims the file, and nothing can be read of it: nobody knows what a push should send beside the code. */
  readonly unreadable?: true;
}

/** @throws UserError where the file, or its description, cannot be read. */
export async function contentOf(file: Linked): Promise<FileContent> {
  const text = await readCode(file);
  const { described } = file;
  if (described === undefined) {
    const around = await mappingsAround(file.uri, text);
    return around === undefined ? { text, code: text } : { text, code: resolveMarks(text, around), mappings: around };
  }
  const uri = described.description;
  const isYaml = uri.path.endsWith('.yaml');
  const mappings = await mappingsFor(vscode.Uri.joinPath(uri, isYaml ? '..' : '../..'));
  const code = resolveMarks(text, mappings);
  const description = await readText({ folder: file.folder, uri });
  const resolved = resolveMarks(description, mappings);
  const stated = isYaml ? readStatedFile(resolved)?.find(one => one.action.code === described.code) : readStated(resolved);
  if (stated === undefined) {
    return { text, code, mappings, unreadable: true };
  }
  return { text, code, mappings, ...(stated.action.name === file.name ? { description: { uri, text: description, stated } } : {}) };
}

/** What stands for the marks of a file that no description claims; nothing where no repository is around it, so that they are none. */
async function mappingsAround(uri: vscode.Uri, text: string): Promise<Mappings | undefined> {
  const mappings = await mappingsFor(vscode.Uri.joinPath(uri, '..'));
  const isMeant = mappings.size > 0 || (openMarks(text, mappings).length > 0 && (await repositoryFolders()).some(({ path }) => uri.path.startsWith(`${path}/`)));
  return isMeant ? mappings : undefined;
}

/** What of an action is not as a file says. */
export function differenceFrom({ description, code }: FileContent, action: Action): Difference {
  if (description !== undefined) {
    return differenceOf({ stated: description.stated, code }, action);
  }
  const same = sameCode(code, action.code);
  return { changes: same ? [] : [{ part: 'code' }], ...(same ? {} : { change: { code } }), newSecrets: [], goneSecrets: [], modulesDiffer: false };
}

/** True where file and description say of code, dependencies, runtime and triggers what a draft holds. */
export function agrees(content: FileContent, action: Action): boolean {
  return content.unreadable === undefined && differenceFrom(content, action).change === undefined;
}

/** The part of a difference that is sent; empty where nothing needs to be. @throws UserError where the file cannot be sent as it is. */
export function changeFrom(file: Linked, content: FileContent, action: Action): Omit<ActionChange, 'secrets'> {
  if (action.name !== file.name) {
    throw new UserError(vscode.l10n.t('The action {0}, to which {1} belongs, is called {2} now. Nothing was sent.', short(file.name), short(pathIn(file.folder, file.uri)), short(action.name)));
  }
  refuseUnsent(file, content, action);
  return differenceFrom(content, action).change ?? {};
}

/** `action` as the tenant has it, where it does. @throws UserError where a file cannot be sent as it is. */
export function refuseUnsent(file: Linked, content: FileContent, action: Action | undefined): void {
  const obstacle = obstacleFor(file, content, action);
  if (obstacle !== undefined) {
    throw new UserError(vscode.l10n.t('{0} cannot be sent: {1}.', short(pathIn(file.folder, file.uri)), obstacleWords(obstacle)));
  }
}

function obstacleFor(file: Linked, { code, description, mappings, unreadable }: FileContent, action: Action | undefined): PushObstacle | undefined {
  if (unreadable === true) {
    return { kind: 'unreadable' };
  }
  const marksIn = (text: string, uri: vscode.Uri): readonly LocalMark[] => (mappings === undefined ? [] : openMarks(text, mappings).map(mark => ({ ...mark, path: pathIn(file.folder, uri) })));
  const inCode = marksIn(code, file.uri);
  if (description === undefined) {
    return inCode.length === 0 ? undefined : { kind: 'marks', marks: inCode };
  }
  const { stated, text, uri } = description;
  return obstacleOf({ path: pathIn(file.folder, uri), text, stated, code, open: [...marksIn(sentText(stated), uri), ...inCode] }, action, []);
}

/** The draft as it would be if it held exactly what the file says; nothing where the file leaves open what that is. */
export function draftLike({ code, description }: FileContent): Content | undefined {
  const stated = description?.stated;
  if (stated === undefined || stated.action.runtime === undefined || stated.unstated.some(list => list === 'dependencies' || list === 'triggers')) {
    return undefined;
  }
  return { code, runtime: stated.action.runtime, dependencies: stated.dependencies, triggers: stated.action.triggers, secrets: [], modules: [] };
}

/** Puts what a draft holds into the file, and into the description of its action where that says something else. Marks stay, and so does a tenant.yaml. */
export async function takeInto(file: Linked, content: FileContent, action: Action): Promise<void> {
  const { description, mappings, text } = content;
  await writeText(file, mappings === undefined ? action.code : keepMarks(text, mappings, action.code));
  if (description === undefined || mappings === undefined || rewriting(content, action) === undefined) {
    return;
  }
  const root = vscode.Uri.joinPath(description.uri, '../..');
  const path = (uri: vscode.Uri): string => uri.path.slice(root.path.length).replace(/^\//u, '');
  const [exported] = exportAction(action, { description: path(description.uri), code: path(file.uri) }, { withId: description.stated.withId });
  if (exported !== undefined && (await isPlain({ folder: file.folder, uri: description.uri }))) {
    await writeText({ folder: file.folder, uri: description.uri }, keepMarksInJson(description.text, mappings, exported.text));
  }
}

/** True where {@link takeInto} would remove something of the description that no draft tells: what is only in there is no part of what file and draft were the same as. */
export function losesOwn(content: FileContent, action: Action): boolean {
  const difference = rewriting(content, action);
  return difference !== undefined && (difference.newSecrets.length > 0 || difference.modulesDiffer || hasOwnKeys(content.description?.text ?? ''));
}

/** What of a description differs, where a pull would write it anew. */
function rewriting({ description }: FileContent, action: Action): Difference | undefined {
  const difference = description === undefined || description.uri.path.endsWith('.yaml') ? undefined : differenceOf({ stated: description.stated, code: action.code }, action);
  return difference?.changes.length === 0 ? undefined : difference;
}
