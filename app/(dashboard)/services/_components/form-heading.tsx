import { CardHeader } from "@/app/_components/ui/card";

export function FormHeading({ id, children }: { id: string; children: string }) {
  return (
    <CardHeader className="py-4 sm:py-5">
      <h2 className="text-lg font-semibold" id={id}>
        {children}
      </h2>
    </CardHeader>
  );
}
