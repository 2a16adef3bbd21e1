export const RFM_SEGMENTS = {
  champions: { en: `Champions`, zh: `冠军客户` },
  loyal: { en: `Loyal`, zh: `忠诚客户` },
  new: { en: `New`, zh: `新客户` },
  promising: { en: `Promising`, zh: `潜力客户` },
  cant_lose: { en: `Cannot lose`, zh: `不可流失` },
  at_risk: { en: `At risk`, zh: `有流失风险` },
  hibernating: { en: `Hibernating`, zh: `沉睡客户` },
  lost: { en: `Lost`, zh: `流失客户` },
}
