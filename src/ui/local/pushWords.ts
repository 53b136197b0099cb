/** What sending a repository's actions would do and has done, in words. */
import { l10n } from 'vscode';
import { dependencyVersion } from '../../actions/comparison.ts';
import type { Difference, PushObstacle } from '../../actions/local/differences.ts';
import type { DescribedAction } from '../../actions/local/repository.ts';
import type { Action } from '../../auth0/api.ts';
import { changeWords } from '../comparisonWords.ts';
import { escapeIcons, short, withoutIcons } from '../texts.ts';
import { triggerWords } from '../words.ts';
import { some } from './pullTenant.ts';

/** Changes that a row names. */
const CHANGES_SHOWN = 4;

/** An action of a repository that differs from the tenant's, or cannot be compared. */
export interface PushCandidate {
  readonly name: string;
  readonly described: DescribedAction;
  /** Absent where the tenant has no such action. */
  readonly action?: Action;
  readonly difference?: Difference;
  readonly obstacle?: PushObstacle;
  /** A text of the draft is only here, in an editor: it would be another one than the tenant's afterwards. */
  readonly hasPending: boolean;
}

/** True for what a person who looks at the list most probably wants: nothing is lost by it. */
export function isTickedAtFirst({ obstacle, hasPending, difference }: PushCandidate): boolean {
  return obstacle === undefined && !hasPending && (difference?.goneSecrets.length ?? 0) === 0;
}

/** A row of the list. Icons of a tenant's or repository's texts are taken out. */
export function pushWords(candidate: PushCandidate): { readonly label: string; readonly description: string; readonly detail: string } {
  const { name, described, action, difference, obstacle, hasPending } = candidate;
  const secrets = described.stated.action.secrets;
  const facts = [
    ...(obstacle === undefined ? [] : [obstacleWords(obstacle)]),
    ...(obstacle === undefined && action === undefined ? [l10n.t('will be created'), ...registryWords(described), ...(secrets.length === 0 ? [] : [l10n.t('secrets that need a value: {0}', some(secrets.map(one => short(one))))])] : []),
    ...(difference === undefined || difference.changes.length === 0 ? [] : [some(difference.changes.map(changeWords), CHANGES_SHOWN)]),
    ...(difference?.modulesDiffer === true ? [l10n.t('other versions of modules, which are not sent')] : []),
    ...(hasPending ? [l10n.t('you have text of this draft that is not saved')] : []),
  ];
  const plain = withoutIcons(name);
  return {
    label: obstacle !== undefined ? `$(error) ${plain}` : hasPending || (difference?.goneSecrets.length ?? 0) > 0 ? `$(warning) ${plain}` : action === undefined ? `$(add) ${plain}` : plain,
    description: withoutIcons(triggerWords(described.stated.action.triggers[0]?.id)),
    detail: escapeIcons(short(facts.join(' · '), 300)),
  };
}

/** Packages of a new action that are fetched from a registry which its description names. */
function registryWords({ stated }: DescribedAction): readonly string[] {
  const words = stated.dependencies.filter(({ registryUrl }) => registryUrl !== undefined).map(one => changeWords({ part: 'dependencies', kind: 'added', name: one.name, to: dependencyVersion(one) }));
  return words.length === 0 ? [] : [some(words, CHANGES_SHOWN)];
}

export function obstacleWords(obstacle: PushObstacle): string {
  switch (obstacle.kind) {
    case 'marks': return l10n.t('config.json has no value for {0}', some(obstacle.marks.map(({ text, path, line }) => l10n.t('{0} ({1}, line {2})', short(text), short(path), line + 1)), 3));
    case 'double': return l10n.t('several descriptions have this name');
    case 'unreadable': return l10n.t('its description cannot be read');
    case 'unclear': return l10n.t('its description cannot be read in part: {0}', obstacle.lists.join(', '));
    case 'unread': return l10n.t('the tenant did not tell all of it: {0}', obstacle.lists.join(', '));
    case 'marketplace': return l10n.t('an action of the Marketplace, whose code is its maker\'s');
    case 'code': {
      const path = short(obstacle.path ?? '');
      switch (obstacle.problem) {
        case 'missing': return l10n.t('its code is not there');
        case 'outside': return l10n.t('the path of its code leads out of the folder');
        case 'link': return l10n.t('its code is behind a link: {0}', path);
        case 'notText': return l10n.t('its code is not text in UTF-8: {0}', path);
        case 'tooLarge': return l10n.t('its code is too large: {0}', path);
      }
    }
  }
}
