"use client";

import { useTranslations } from "next-intl";
import { useState, useTransition } from "react";
import { Button } from "@/app/_components/ui/button";
import { DialogClose } from "@/app/_components/ui/dialog";
import { Input, Label } from "@/app/_components/ui/field";
import { Switch } from "@/app/_components/ui/switch";
import { toast } from "@/app/_components/ui/toast";
import { useRefusalWords } from "@/app/_components/use-refusal-words";
import { addTimeOff } from "@/app/(dashboard)/calendar/actions";

type Fault = "startDate" | "endDate" | "startTime" | "endTime" | "order";

interface TimeOffFormProps {
  date: string;
  onDone: () => void;
}

/** Whole days with the last one included, or a stretch between two times. */
export function TimeOffForm({ date, onDone }: TimeOffFormProps) {
  const t = useTranslations("calendar.timeOff");
  const inWords = useRefusalWords();
  const [allDay, setAllDay] = useState(true);
  const [startDate, setStartDate] = useState(date);
  const [endDate, setEndDate] = useState(date);
  const [fault, setFault] = useState<Fault | null>(null);
  const [pending, startTransition] = useTransition();

  function begin(day: string) {
    setStartDate(day);
    if (day > endDate) setEndDate(day);
  }

  function save(form: FormData) {
    const text = (name: string) => String(form.get(name) ?? "");
    const days = { title: text("title"), startDate, endDate };
    startTransition(async () => {
      const answer = await addTimeOff(
        allDay
          ? { ...days, allDay: true }
          : { ...days, allDay: false, startTime: text("startTime"), endTime: text("endTime") },
      );
      if (answer.ok) {
        onDone();
        toast.success(t("added"));
        return;
      }
      const found = faultOf(answer.error.fields?.[0]?.path, allDay);
      setFault(found);
      if (found === null) toast.error(inWords(answer.error));
    });
  }

  const describe = (name: Fault) =>
    fault === name || (fault === "order" && name.startsWith("end"))
      ? { "aria-invalid": true, "aria-describedby": "time-off-fault" }
      : {};
  return (
    <form
      className="space-y-5"
      onChange={() => setFault(null)}
      onSubmit={(event) => {
        event.preventDefault();
        save(new FormData(event.currentTarget));
      }}
    >
      <div>
        <Label htmlFor="time-off-title">{t("title")}</Label>
        <Input
          className="mt-1.5"
          id="time-off-title"
          maxLength={200}
          name="title"
          placeholder={t("titleExample")}
        />
      </div>
      <Label className="flex items-center gap-3">
        <Switch checked={allDay} onChange={(event) => setAllDay(event.currentTarget.checked)} />
        {t("wholeDays")}
      </Label>
      {(["start", "end"] as const).map((edge) => (
        <fieldset className="flex gap-3" key={edge}>
          <legend className="mb-1.5 text-sm font-medium">{t(`${edge}.${allDay ? "day" : "time"}`)}</legend>
          <Input
            aria-label={t(`${edge}.date`)}
            className="min-w-0 flex-1"
            min={edge === "end" ? startDate : undefined}
            name={`${edge}Date`}
            onChange={({ currentTarget: { value } }) => (edge === "start" ? begin(value) : setEndDate(value))}
            required
            type="date"
            value={edge === "start" ? startDate : endDate}
            {...describe(`${edge}Date`)}
          />
          {!allDay && (
            <Input
              aria-label={t(`${edge}.clock`)}
              className="w-32"
              defaultValue={edge === "start" ? "09:00" : "10:00"}
              name={`${edge}Time`}
              required
              type="time"
              {...describe(`${edge}Time`)}
            />
          )}
        </fieldset>
      ))}
      {fault !== null && (
        <p className="text-sm text-danger" id="time-off-fault" role="alert">
          {t(`fault.${fault}`)}
        </p>
      )}
      <div className="flex flex-col-reverse gap-3 sm:flex-row sm:justify-end">
        <DialogClose>
          <Button>{t("cancel")}</Button>
        </DialogClose>
        <Button disabled={pending} type="submit" variant="primary">
          {pending ? t("saving") : t("save")}
        </Button>
      </div>
    </form>
  );
}

/** The form's own fields are checked first; what remains is an end that does not fit its start. */
function faultOf(path: string | undefined, allDay: boolean): Fault | null {
  if (path === "end" || (allDay && path === "endDate")) return "order";
  return (["startDate", "endDate", "startTime", "endTime"] as const).find((name) => name === path) ?? null;
}
