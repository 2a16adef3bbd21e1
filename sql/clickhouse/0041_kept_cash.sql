-- Distributors and customers are judged by money that moved: one entry in sixteen. It is kept apart, in the order of its
-- seconds, so that a month of it is read without the other fifteen. Built as parts merge, like what is kept of days (0004).
-- Needs ClickHouse 26.7: a projection with a condition.
alter table analytics.journal_entry add projection if not exists cash (
  select
    account, at_second, business_day, kind, amount_cents, order_id, customer_id, distributor_id, ancestor_ids
  where account = 'cash'
  order by account, at_second
);

-- The first sale through each path of the tree: a few thousand rows, whatever the years.
alter table analytics.journal_entry add projection if not exists first_sale (
  select ancestor_ids, min(business_day)
  where account = 'cash' and kind = 'sale'
  group by ancestor_ids
);

alter table analytics.journal_entry add projection if not exists sku_sale (
  select sku_id, min(business_day), max(business_day)
  where account = 'sales'
  group by sku_id
);

-- What a distributor was given and what was taken back, by time; releases move it from one state to another.
alter table analytics.commission_entry add projection if not exists earned (
  select at_second, kind, distributor_id, amount_cents
  where has(['accrue', 'clawback'], kind)
  order by at_second
);

-- As `level`, and since when there is any.
alter table analytics.stock_move add projection if not exists stock_level (
  select
    sku_id, product_id, warehouse_id, sum(on_hand_delta), sum(reserved_delta), sum(value_delta_cents), count(),
    min(business_day)
  group by sku_id, product_id, warehouse_id
);

alter table analytics.stock_move drop projection if exists level;

-- Parts that are there already, in the background. All that is kept, not only what is new: the engine never merges two
-- parts that keep different things, and a young part would be left with some.
alter table analytics.journal_entry materialize projection cash;

alter table analytics.journal_entry materialize projection first_sale;

alter table analytics.journal_entry materialize projection sku_sale;

alter table analytics.journal_entry materialize projection high_water;

alter table analytics.journal_entry materialize projection day_channel;

alter table analytics.journal_entry materialize projection day_distributor;

alter table analytics.journal_entry materialize projection day_product;

alter table analytics.commission_entry materialize projection earned;

alter table analytics.commission_entry materialize projection high_water;

alter table analytics.commission_entry materialize projection distributor_state;

alter table analytics.stock_move materialize projection stock_level;

alter table analytics.stock_move materialize projection high_water;
