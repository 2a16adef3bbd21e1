/** Where the lines of a month are named: at their ends, clear of this month's line and of each other. */
export type End = {
  /** At whose end the name stands, in cents; two names in a stack stand at the same. */
  cents: bigint
  isBelow: boolean
  /** How many names are between it and the line. */
  row: number
}
export type Ends = { then: End | null; goal: End | null }

/** What last month and the goal come to; `now` only when this month's line reaches as far as the names do. */
export function endsOf(lines: {
  then: bigint | null
  goal: bigint | null
  now: bigint | null
}): Ends {
  const { then, goal, now } = lines
  if (now === null) return besideEachOther(then, goal)
  const named = [then, goal].filter((cents) => cents !== null)
  const above = named.filter((cents) => cents >= now)
  const below = named.filter((cents) => cents < now)
  const endOf = (cents: bigint | null, isGoal: boolean): End | null => {
    if (cents === null) return null
    const isBelow = cents < now
    const side = isBelow ? below : above
    const outer = side.reduce((a, b) => (isBelow === a < b ? a : b))
    // Of two in a stack, the one that is further out in value is further out on the screen.
    const isFurther = cents === outer && (side[0] !== side[1] || isGoal)
    return { cents: outer, isBelow, row: side.length > 1 && isFurther ? 1 : 0 }
  }
  return { then: endOf(then, false), goal: endOf(goal, true) }
}

/** Nothing else is there: the higher is named above its line, the lower below. */
function besideEachOther(then: bigint | null, goal: bigint | null): Ends {
  const isGoalAbove = goal !== null && goal >= (then ?? 0n)
  return {
    then: then === null ? null : { cents: then, isBelow: isGoalAbove, row: 0 },
    goal: goal === null ? null : { cents: goal, isBelow: !isGoalAbove, row: 0 },
  }
}
