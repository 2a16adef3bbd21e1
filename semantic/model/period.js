import { PERFORMANCE_DAYS } from './parameters'

// SQL, for a `with`: `since` and `until` in seconds, from what is asked of a time dimension (Cube puts 1 where nothing is).
// Without a period it is the last days up to now; of one that is not over, what has passed.
export function periodOf(at) {
  return `
      toUInt32(${at.filter((from) => secondsOf(from))}) as asked_since,
      toUInt32(${at.filter((_from, to) => secondsOf(to))}) as asked_until,
      toInt64(if(asked_until = 1, toUnixTimestamp(now()), least(asked_until, toUnixTimestamp(now())))) as until,
      toInt64(if(asked_since = 1, until - ${PERFORMANCE_DAYS} * 86400 + 1, asked_since)) as since`
}

function secondsOf(moment) {
  return `toUnixTimestamp(parseDateTimeBestEffort(${moment}))`
}
