-- Who may touch alerts and documents, and that they are part of the change stream.

grant select on alert_rule, alert, alert_event, alert_signal, sku_pack, purchase_policy, stock_transfer,
  purchase_request, purchase_receipt to tributary_core;
grant insert on alert, alert_event, sku_pack, stock_transfer, purchase_request, purchase_receipt to tributary_core;
grant update on alert_rule, alert, sku_pack, purchase_policy, stock_transfer, purchase_request to tributary_core;
-- The queue: the evaluator takes rows away and locks those it takes.
grant delete, update on alert_signal to tributary_core;

grant select on alert, alert_event, stock_transfer, purchase_request to tributary_cdc;
alter table alert replica identity full;
alter table stock_transfer replica identity full;
alter table purchase_request replica identity full;
alter publication tributary add table alert, alert_event, stock_transfer, purchase_request;
