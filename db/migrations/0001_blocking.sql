-- What blocks time: one function of facts and settings, the twin of `blocks` in lib/calendar/blocking.ts.
create function event_blocks(
  kind text, status text, show_as text, response text, all_day boolean, is_empty boolean, own boolean,
  override boolean, calendar_can_write boolean, all_day_events text, tentative text
) returns boolean
language sql immutable parallel safe as $$
  select case
    when is_empty then false
    when override is not null then override
    when own then false
    when response = 'declined' then false
    when show_as = 'working_elsewhere' or kind = 'working_location' then false
    when show_as = 'free' and all_day then
      all_day_events = 'always_block' and calendar_can_write and kind <> 'birthday'
    when show_as = 'free' then false
    when status = 'tentative' or show_as = 'tentative' or response = 'tentative' then tentative = 'block'
    else true
  end
$$;
--> statement-breakpoint
-- Busy time is a query, not a copy.
create view unavailabilities as
  select
    e.id, e.user_id, e.starts_at, e.ends_at, e.start_date is not null as all_day, e.start_date, e.end_date,
    'external'::text as source, e.title, k.id as connection_id, c.id as calendar_id,
    e.external_id as external_event_id
  from calendar_sync_events e
  join calendars c on c.id = e.calendar_id
  join calendar_connections k on k.id = c.connection_id
  where c.selected
    and k.import_enabled
    and k.disconnecting_at is null
    and event_blocks(
      e.kind, e.status, e.show_as, e.response, e.start_date is not null, e.starts_at >= e.ends_at, e.own,
      e.override, c.can_write, k.all_day_events, k.tentative
    )
  union all
  select
    t.id, t.user_id, t.starts_at, t.ends_at, t.all_day, t.start_date, t.end_date,
    'manual'::text, t.title, null::uuid, null::uuid, null::text
  from time_off t;
--> statement-breakpoint
create function outbox_nudge() returns trigger language plpgsql as $$
begin
  perform pg_notify('entente_outbox', '');
  return null;
end
$$;
--> statement-breakpoint
create trigger outbox_nudge after insert on outbox for each statement execute function outbox_nudge();
--> statement-breakpoint
-- Audit rows are history: nobody rewrites them. Deleting is left to retention.
create function audit_log_is_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'audit_log is append-only';
end
$$;
--> statement-breakpoint
create trigger audit_log_is_append_only before update on audit_log
  for each row execute function audit_log_is_append_only();
