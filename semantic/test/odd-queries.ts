/** Queries as nobody should send them, made by chance: of odd parts, and right but for one part. */
import fc from 'fast-check'
import { dimensions, measures } from '../members.ts'
import { OPERATORS } from '../query.ts'

/** Texts that have broken parsers, zones and databases before. */
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    '',
    '\u0000',
    'a\u0000b',
    '?',
    '?,?',
    "'",
    '`',
    '\\',
    '%',
    '{',
    '${x}',
    '{p0:String}',
  ),
  fc.constantFrom(
    '__proto__',
    'constructor',
    'toString',
    'null',
    'NaN',
    '1e400',
    '\ud800',
    '--',
    '/*',
  ),
)
const member = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...Object.keys(measures), ...Object.keys(dimensions)) },
  text,
  fc.constantFrom('sales.__proto__', 'journal.id', 'sales.at.hour', 'sales.at.eon', 'sales'),
)
const moment = fc.oneof(
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  fc.constantFrom('0000-00-00', '0001-01-01', '9999-12-31T23:59:59', '+275760-09-13', '2026-02-30'),
  fc.constantFrom('last 7 days', 'last 99999999 years', 'from 1 to 2', 'today', 'this eon', 'now'),
  text,
)
const range = fc.oneof(moment, fc.array(moment, { maxLength: 3 }), fc.constantFrom(null, 7, {}))
const value = fc.oneof(
  text,
  moment,
  fc.double(),
  fc.bigInt().map(String),
  fc.constant(null),
  fc.boolean(),
)
const operator = fc.oneof(
  fc.constantFrom(
    'equals',
    'notEquals',
    'contains',
    'notStartsWith',
    'in',
    'gt',
    'lte',
    'set',
    'notSet',
  ),
  fc.constantFrom(
    'inDateRange',
    'notInDateRange',
    'onTheDate',
    'beforeDate',
    'afterOrOnDate',
    'afterDate',
  ),
  text,
)
const { filter } = fc.letrec<{ filter: unknown }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 6, depthSize: 'large' },
    fc.record(
      { member, operator, values: fc.array(value, { maxLength: 4 }) },
      { requiredKeys: ['member', 'operator'] },
    ),
    fc.record({ or: fc.array(tie('filter'), { maxLength: 3 }) }),
    fc.record({ and: fc.array(tie('filter'), { maxLength: 3 }) }),
    fc.jsonValue({ maxDepth: 2 }),
  ),
}))
const zone = fc.oneof(
  fc.constantFrom('UTC', '+08:00', 'utc', 'asia/shanghai', 'GMT+0', 'EST'),
  text,
)
export const nearlyRight = fc.record(
  {
    measures: fc.array(member, { maxLength: 4 }),
    dimensions: fc.array(member, { maxLength: 3 }),
    timeDimensions: fc.array(
      fc.record(
        {
          dimension: fc.oneof(fc.constantFrom('sales.at', 'profit.at', 'stock.at'), member),
          granularity: fc.oneof(fc.constantFrom('second', 'hour', 'day', 'year', 'eon'), text),
          dateRange: range,
          compareDateRange: fc.array(range, { maxLength: 3 }),
        },
        { requiredKeys: ['dimension'] },
      ),
      { maxLength: 3 },
    ),
    filters: fc.array(filter, { maxLength: 4 }),
    order: fc.oneof(
      fc.dictionary(member, fc.constantFrom('asc', 'desc', 'up')),
      fc.array(fc.tuple(member, fc.constantFrom('asc', 'desc'))),
    ),
    limit: fc.oneof(fc.integer(), fc.double(), fc.constantFrom(0, 1, 10_001, 1e15, '5', null)),
    offset: fc.oneof(fc.integer(), fc.constantFrom(-1, 2 ** 53, 1e30, '5')),
    timezone: zone,
    total: fc.oneof(fc.boolean(), text),
    responseFormat: fc.oneof(fc.constantFrom('compact', 'columnar', 'rows'), text),
    segments: fc.array(text, { maxLength: 1 }),
  },
  { requiredKeys: [] },
)

/** All of it is as it should be but one part, so that it comes as far as Cube and ClickHouse. */
const known = fc.constantFrom('sales.units', ...Object.keys(dimensions), ...Object.keys(measures))
const operators = fc.constantFrom(...OPERATORS)
const values = fc.array(value, { maxLength: 3 })
const whole = { measures: ['sales.units'], timezone: 'UTC' }
const time = { dimension: 'sales.at', granularity: 'day', dateRange: ['2026-11-01', '2026-11-02'] }
export const oneOdd = fc.oneof(
  fc.record({ member: known, operator: operators, values }).map((each) => {
    return { ...whole, filters: [{ or: [each] }] }
  }),
  fc.record({ dateRange: range }).map((odd) => {
    return { ...whole, timeDimensions: [{ ...time, ...odd }] }
  }),
  fc
    .record({ granularity: text })
    .map((odd) => ({ ...whole, timeDimensions: [{ ...time, ...odd }] })),
  fc.array(range, { minLength: 1, maxLength: 4 }).map((compareDateRange) => {
    return { ...whole, timeDimensions: [{ dimension: 'sales.at', compareDateRange }] }
  }),
  zone.map((timezone) => ({ ...whole, timezone, timeDimensions: [time] })),
  fc.array(known, { maxLength: 4 }).map((each) => ({ ...whole, dimensions: each })),
  fc.nat().map((offset) => ({ ...whole, dimensions: ['sales.channel'], offset })),
  known.map((each) => ({ ...whole, order: { [each]: 'desc' } })),
)
