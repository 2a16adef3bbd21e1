// Every number of days, share or week that a definition depends on. Descriptions show them, so a change here changes
// the words too; the oracle has its own copy (test/oracle/parameters.ts), and the tests fail until both agree.

// core-api gives the goods of an order back that is unpaid for longer (UNPAID_MINUTES), and it is about to so before.
export const UNPAID_MINUTES = 30
export const EXPIRING_MINUTES = 10
// An order that stands in one state for longer is stuck.
export const STUCK_HOURS = 72

// A distributor is activated who sells within so many days of joining.
export const ACTIVATION_DAYS = 30
// A distributor is inactive without an own or team sale for longer.
export const INACTIVE_DAYS = 90
// Without a period, performance is of the last so many days.
export const PERFORMANCE_DAYS = 30
// One child or one customer who makes more than this share of a team's sales is a single point of dependence.
export const DEPENDENCE_PERCENT = 50
// Those beside a distributor are shown from so many others on, by so many steps.
export const PEERS_MIN = 5
export const PEER_STEPS = 40

// Velocity, ABC and XYZ look back so many whole weeks, up to and with yesterday.
export const VELOCITY_WEEKS = 13
export const A_PERCENT = 80
export const B_PERCENT = 95
// Of the coefficient of variation: X up to a half, Y up to one.
export const X_VARIATION_PERCENT = 50
export const Y_VARIATION_PERCENT = 100
export const DEAD_DAYS = 90

// Recency, frequency and monetary value look back so many days, up to and with today.
export const RFM_DAYS = 365
// A customer is new or active by the last so many days.
export const CUSTOMER_DAYS = 30
