/** The schema of files of events with its words. Part of the bundle that has the facts about `event` and `api`. */
import { l10n } from 'vscode';
import { eventSchema } from '../../actions/language/eventSchema.ts';
import { knownTriggers } from '../../actions/language/facts.ts';
import type { TriggerRef } from '../../auth0/api.ts';
import { schemaAddress } from '../eventSchemas.ts';
import { triggerWords } from '../words.ts';
import { describe } from './descriptions.ts';

/** The schema for an event of these triggers; of what is ours alone where none of them is known. As JSON. */
export function eventSchemaText(triggers: readonly TriggerRef[]): string {
  return JSON.stringify(eventSchema(triggers, {
    title: trigger => (trigger === '' ? l10n.t('Event of an action') : l10n.t('Event of an action ({0})', trigger)),
    schema: l10n.t('Which trigger the event is one of. It is what completion and checks of this file go by.'),
    secrets: l10n.t('Values of secrets do not belong in this file: it is a plain one, and a run asks for them or has those of the tenant.'),
    continue: l10n.t('What changes in the event when a redirect comes back, for the handler that continues. A run on this machine goes on with it; a test in a tenant does not.'),
    expect: l10n.t('What a run with this event should do. Without it, a run that ends without an error passes.'),
    calls: l10n.t('Calls that happen in this order. Others may come between, unless `exactly` is true.'),
    method: l10n.t('As it is written in code, such as `api.access.deny`.'),
    args: l10n.t('All arguments of the call. Left out, any will do.'),
    exactly: l10n.t('No other calls than those in `calls`.'),
    noCalls: l10n.t('Methods that are not called; `true` means that none is.'),
    error: l10n.t('`true` for any error, a text for an error with that text in its name or message, `false` for none.'),
    deprecated: l10n.t('Deprecated: the service may stop giving it.'),
    describe,
  }));
}

/** A schema that only offers the others, and finds nothing wrong with any file. As JSON. */
export function offerText(): string {
  const known = knownTriggers();
  return JSON.stringify({
    $schema: 'http://json-schema.org/draft-07/schema#',
    properties: {
      $schema: {
        anyOf: [
          { enum: known.map(one => schemaAddress([one])), enumDescriptions: known.map(({ id, version }) => l10n.t('Event of an action ({0})', `${triggerWords(id)}, ${version}`)) },
          {},
        ],
      },
    },
  });
}
