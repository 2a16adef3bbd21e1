-- Goals of a day and of a week too: a shop opens with the day's number on the wall. Weeks begin on Monday, as everywhere.

alter table goal drop column ends_on;
alter table goal drop constraint goal_period_check;
alter table goal
  add constraint goal_period_check check (period in ('day', 'week', 'month', 'quarter', 'year')),
  -- The day after its last.
  add column ends_on date not null generated always as ((starts_on + case period
    when 'day' then interval '1 day'
    when 'week' then interval '7 days'
    when 'month' then interval '1 month'
    when 'quarter' then interval '3 months'
    else interval '1 year' end)::date) stored;
