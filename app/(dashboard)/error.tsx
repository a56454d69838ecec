"use client";

// Caught inside the shell, so that the navigation stays.
export { default } from "@/app/error";
