import {
  CalendarCheck,
  CalendarRange,
  Clock,
  ConciergeBell,
  History,
  type LucideIcon,
  Plug,
} from "lucide-react";

interface NavEntry {
  href: string;
  key: "bookings" | "calendar" | "services" | "hours" | "integrations" | "history";
  icon: LucideIcon;
  /** A phone's bar has room for four and for "more", where the others are. */
  onPhone: "bar" | "more";
}

export const NAV_ENTRIES: readonly NavEntry[] = [
  { href: "/bookings", key: "bookings", icon: CalendarCheck, onPhone: "bar" },
  { href: "/calendar", key: "calendar", icon: CalendarRange, onPhone: "bar" },
  { href: "/services", key: "services", icon: ConciergeBell, onPhone: "bar" },
  { href: "/hours", key: "hours", icon: Clock, onPhone: "bar" },
  { href: "/integrations", key: "integrations", icon: Plug, onPhone: "more" },
  { href: "/history", key: "history", icon: History, onPhone: "more" },
];
