export const ORDER_STATES = {
  placed: { en: `Awaiting payment`, zh: `待付款` },
  paid: { en: `Awaiting shipment`, zh: `待发货` },
  shipped: { en: `In transit`, zh: `待收货` },
  completed: { en: `Completed`, zh: `已完成` },
  cancelled: { en: `Cancelled`, zh: `已取消` },
}

export const AGE_BANDS = {
  h1: { en: `Under 1 hour`, zh: `1 小时内` },
  d1: { en: `1–24 hours`, zh: `1–24 小时` },
  d3: { en: `1–3 days`, zh: `1–3 天` },
  d7: { en: `3–7 days`, zh: `3–7 天` },
  older: { en: `Over 7 days`, zh: `7 天以上` },
  closed: { en: `Closed`, zh: `已结束` },
}
