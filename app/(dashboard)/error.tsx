"use client";

// Caught inside the shell, so that the navigation stays.
export { ErrorPage as default } from "@/app/_components/error-page";
