/** Why a connection to another computer failed. */
export type Trouble =
  | {
      readonly kind:
        | "untrusted"
        | "self-signed"
        | "certificate"
        | "no-tls"
        | "tls-cut"
        | "tls-terms"
        | "asks-certificate";
    }
  /** The day, as the certificate says it, or null. */
  | { readonly kind: "expired" | "early"; readonly day: string | null }
  | { readonly kind: "wrong-name"; readonly name: string | null }
  | { readonly kind: "no-name" | "nobody" | "no-way" | "silent" | "no-http" | "cut" }
  | { readonly kind: "proxy-auth" | "proxy-refused" | "proxy-away" | "proxy-kind"; readonly proxy: string };
