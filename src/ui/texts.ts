/** Text from a tenant, made safe for the place where it is shown. */
import { plain } from '../auth0/serviceTexts.ts';

const LONGEST = 80;

/** One short line: no control characters, cut at 80 characters. For labels and questions. */
export function short(text: string, longest = LONGEST): string {
  const line = plain(text);
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
}

/** The same for places that turn `$(name)` into an icon: the status bar and quick picks. */
export function withoutIcons(text: string): string {
  return escapeIcons(short(text));
}

/** A text of those places that is put together already, none of whose icons are ours. */
export function escapeIcons(text: string): string {
  return text.replace(/\$\(/gu, '\\$(');
}
