// Datetimes as texts. Rule: no local time; every moment is in UTC with microseconds.

const STAMP = /^(\d{4})-(\d{2})-(\d{2})([Tt ])(\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?([Zz]|[+-]\d{2}:\d{2})?$/;
const DIRECTIVE = /%(.)/gs;
const DIGITS = {
  Y: '\\d{4}',
  m: '\\d{2}',
  d: '\\d{2}',
  H: '\\d{2}',
  M: '\\d{2}',
  S: '\\d{2}',
  f: '\\d{1,6}',
};
const EPOCH = { Y: 1970, m: 1, d: 1, H: 0, M: 0, S: 0, f: 0 };
const MINUTE_MS = 60_000;

/** The style of a datetime that nobody has written yet. */
export const PLAIN_STYLE = { separator: 'T', digits: 0, offset: 'Z' };

/**
 * Reads an RFC 3339 datetime (without offset: UTC) as `{fields, style}`: its fields in UTC, by the
 * letters of the directives, and how it was written. Undefined where the text is none.
 */
export function readDatetime(text) {
  const found = STAMP.exec(text);
  if (!found) return undefined;
  const [Y, m, d, , H, M, S] = found.slice(1, 8).map(Number);
  const [separator, fraction, offset] = [found[4], found[8] ?? '', found[9] ?? ''];
  if (!isMoment({ Y, m, d, H, M, S: Math.min(S, 59) }) || S > 60) return undefined;
  const f = Number(fraction.padEnd(6, '0').slice(0, 6));
  const away = offsetMinutes(offset);
  if (away === undefined) return undefined;
  const fields = shifted({ Y, m, d, H, M, S: Math.min(S, 59), f }, -away);
  if (!fields) return undefined;
  return { fields, style: { separator, digits: fraction.length, offset } };
}

/** Writes fields (UTC) in a style, with as many fraction digits as they need. */
export function writeDatetime(fields, style) {
  const local = shifted(fields, offsetMinutes(style.offset) ?? 0);
  const micro = String((local ?? fields).f).padStart(6, '0');
  const needed = micro.replace(/0+$/, '').length;
  const digits = Math.max(Math.min(style.digits, 6), needed);
  const text = formatDatetime(`%Y-%m-%d${style.separator}%H:%M:%S`, local ?? fields);
  return `${text}${digits ? `.${micro.slice(0, digits)}` : ''}${local ? style.offset : 'Z'}`;
}

/** Writes fields in a format such as "%Y-%m-%d". */
export function formatDatetime(format, fields) {
  return format.replace(DIRECTIVE, (_, letter) =>
    Object.hasOwn(DIGITS, letter)
      ? String(fields[letter]).padStart({ Y: 4, f: 6 }[letter] ?? 2, '0')
      : letter,
  );
}

/** Reads the fields that a text holds by a format; undefined where it does not have that form. */
export function parseFields(format, text) {
  const letters = [];
  const pattern = format
    .split(/(%.)/s)
    .map((part) => {
      if (!part.startsWith('%') || !Object.hasOwn(DIGITS, part[1])) {
        return escapeRegExp(part.startsWith('%') && part.length === 2 ? part[1] : part);
      }
      letters.push(part[1]);
      return `(${DIGITS[part[1]]})`;
    })
    .join('');
  const found = new RegExp(`^${pattern}$`, 's').exec(text);
  if (!found) return undefined;
  const fields = {};
  for (const [place, letter] of letters.entries()) {
    const digits = found[place + 1];
    const number = Number(letter === 'f' ? digits.padEnd(6, '0') : digits);
    if ((fields[letter] ?? number) !== number) return undefined;
    fields[letter] = number;
  }
  return fields;
}

/** Reads a text by a format as the fields of a moment; what the format lacks is the least. */
export function parseDatetime(format, text) {
  const found = parseFields(format, text);
  if (!found) return undefined;
  const fields = { ...EPOCH, Y: 1900, ...found };
  return isMoment(fields) ? fields : undefined;
}

/** Tells whether there is such a day and time. */
export function isMoment({ Y, m, d, H, M, S }) {
  if (Y < 1 || m < 1 || m > 12 || d < 1 || H > 23 || M > 59 || S > 59) return false;
  return d <= new Date(Date.UTC(2000 + (Y % 400), m, 0)).getUTCDate();
}

/** Gives fields as milliseconds since 1970. */
export function toMilliseconds({ Y, m, d, H, M, S, f }) {
  const date = new Date(0);
  date.setUTCFullYear(Y, m - 1, d);
  date.setUTCHours(H, M, S, Math.floor(f / 1000));
  return date.getTime();
}

function shifted(fields, minutes) {
  if (minutes === 0) return fields;
  const date = new Date(toMilliseconds({ ...fields, f: 0 }) + minutes * MINUTE_MS);
  const Y = date.getUTCFullYear();
  if (Y < 1 || Y > 9999) return undefined;
  const [m, d, H, M] = [
    date.getUTCMonth() + 1,
    date.getUTCDate(),
    date.getUTCHours(),
    date.getUTCMinutes(),
  ];
  return { Y, m, d, H, M, S: fields.S, f: fields.f };
}

function offsetMinutes(offset) {
  if (offset.length < 6) return 0;
  const [hours, minutes] = [Number(offset.slice(1, 3)), Number(offset.slice(4, 6))];
  if (hours > 23 || minutes > 59) return undefined;
  return (offset[0] === '-' ? -1 : 1) * (hours * 60 + minutes);
}

function escapeRegExp(text) {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
