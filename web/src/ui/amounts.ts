// Sizes and times as a person writes them: a number and a unit. Pure.
export type Measure = 'bytes' | 'ms';

export interface Unit {
  readonly name: string;
  readonly scale: number;
}

// Ascending. Powers of two only where the value is a whole number of them: that is how it was set.
const units: Readonly<Record<Measure, readonly Unit[]>> = {
  bytes: [
    { name: 'MB', scale: 1e6 },
    { name: 'MiB', scale: 2 ** 20 },
    { name: 'GB', scale: 1e9 },
    { name: 'GiB', scale: 2 ** 30 },
    { name: 'TB', scale: 1e12 },
    { name: 'TiB', scale: 2 ** 40 },
  ],
  ms: [
    { name: 'minute', scale: 60_000 },
    { name: 'hour', scale: 3_600_000 },
    { name: 'day', scale: 86_400_000 },
  ],
};

const isBinary = (unit: Unit): boolean => unit.name.includes('i') && unit.name.endsWith('B');

/** What a person may choose among, beside the unit that the value has. */
export function unitsOf(measure: Measure, current: string): readonly Unit[] {
  return units[measure].filter((unit) => !isBinary(unit) || unit.name === current);
}

export interface Amount {
  readonly number: string;
  readonly unit: string;
}

/** The largest unit of which it is a whole number; else the one in which it is written most shortly, to three decimals. */
export function amountOf(measure: Measure, value: number): Amount {
  const all = units[measure];
  const whole = all.filter((unit) => value >= unit.scale && value % unit.scale === 0).at(-1);
  const unit = whole ?? all.filter((each) => !isBinary(each) && value >= each.scale).at(-1) ?? all[0];
  if (unit === undefined) throw new Error('no units');
  return { number: String(Math.round((value / unit.scale) * 1000) / 1000), unit: unit.name };
}

/** Undefined when `number` is none. A comma is a decimal point. */
export function valueOf(measure: Measure, { number, unit }: Amount): number | undefined {
  const scale = units[measure].find((each) => each.name === unit)?.scale;
  const parsed = /^\d+([.,]\d+)?$/.test(number.trim()) ? Number(number.trim().replace(',', '.')) : Number.NaN;
  return scale === undefined || !Number.isFinite(parsed) ? undefined : Math.round(parsed * scale);
}
