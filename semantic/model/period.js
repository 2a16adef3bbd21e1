import { PERFORMANCE_DAYS } from './parameters'

// SQL, for a `with`: `since` and `until` in seconds, from the seconds asked for, or 1 where no period is asked for. That is
// the last days up to now; of a period that is not over, what has passed.
export function periodOf(from, to) {
  return `
      toUInt32(${from}) as asked_since,
      toUInt32(${to}) as asked_until,
      toInt64(if(asked_until = 1, toUnixTimestamp(now()), least(asked_until, toUnixTimestamp(now())))) as until,
      toInt64(if(asked_since = 1, until - ${PERFORMANCE_DAYS} * 86400 + 1, asked_since)) as since`
}
