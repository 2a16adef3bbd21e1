/** The parameters of definitions a second time: a change of one alone fails the tests. */
export const UNPAID_MINUTES = 30
export const EXPIRING_MINUTES = 10
export const STUCK_HOURS = 72
