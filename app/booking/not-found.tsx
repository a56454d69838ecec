export { default } from "@/app/book/not-found";
