/** The entry of what activation does without: the facts about `event` and `api`, and the answers made of them. */
export { callAt, complete, explain } from './answers.ts';
export type { ActionFacts, Call, Explanation, Suggestion } from './answerShapes.ts';
