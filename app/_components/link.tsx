"use client";

import NextLink, { useLinkStatus } from "next/link";
import { useRouter } from "next/navigation";
import type { ComponentProps } from "react";

interface LinkProps extends Omit<ComponentProps<typeof NextLink>, "href" | "prefetch"> {
  href: string;
}

/**
 * A link within the application. It is fetched ahead when somebody turns to it, not when it is merely there: a live
 * refresh lets go of whatever was fetched ahead, and would fetch all visible links again.
 */
export function Link({ href, children, ...props }: LinkProps) {
  const { prefetch } = useRouter();
  const ahead = () => prefetch(href);
  return (
    <NextLink
      href={href}
      onFocus={ahead}
      onPointerEnter={ahead}
      onTouchStart={ahead}
      prefetch={false}
      {...props}
    >
      {children}
      <Waiting />
    </NextLink>
  );
}

/** On a slow link, that the click was heard. Who is served within a moment never sees it. */
function Waiting() {
  const { pending } = useLinkStatus();
  return (
    pending && (
      <span
        aria-hidden
        className="pointer-events-none fixed inset-x-0 top-0 z-50 h-0.5 animate-waiting bg-brand"
      />
    )
  );
}
