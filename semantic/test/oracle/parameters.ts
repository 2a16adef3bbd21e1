/** The parameters of definitions a second time: a change of one alone fails the tests. */
export const UNPAID_MINUTES = 30
export const EXPIRING_MINUTES = 10
export const STUCK_HOURS = 72
export const RFM_DAYS = 365
export const CUSTOMER_DAYS = 30
export const VELOCITY_WEEKS = 13
export const A_PERCENT = 80
export const B_PERCENT = 95
export const DEAD_DAYS = 90
export const ACTIVATION_DAYS = 30
export const INACTIVE_DAYS = 90
export const PERFORMANCE_DAYS = 30
export const DEPENDENCE_PERCENT = 50
export const PEERS_MIN = 5
export const PEER_STEPS = 40
