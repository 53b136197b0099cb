/** The one question before something is written to a tenant, in the form that the tenant's protection asks for. */
import { ask } from '../messages.ts';
import type { NameQuestion } from '../typeName.ts';
import type { Parts } from './parts.ts';

/** Resolves to the choice, or to nothing where the person declined. A protected tenant asks for its name. */
export function confirmWrite(parts: Pick<Parts, 'questions'>, question: NameQuestion): Thenable<string | undefined> {
  return question.tenant.isProtected ? parts.questions.ask(question) : ask(question.tenant, question.question, question.detail, ...question.choices);
}
