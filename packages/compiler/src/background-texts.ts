/**
 * Texts of all sorts, from functions of the corpus that compilers are trained on. What they have in common says nothing
 * of what an input is about; with half as many of them, inputs are told apart a little worse.
 */
export const backgroundTexts: readonly string[] = [
  "remind me to call mum tomorrow at 5",
  "prune the roses before the frost",
  "thin wavy line between two sections",
  "Objections must reach us by 14 June 2025.",
  "Can I book Monday at 9?",
  "Set-Cookie: sid=1; Secure; HttpOnly; SameSite=Lax",
  "test_login ... ok",
  "Re: Re: parcel not here",
  "9am boat trip at Old Harbour",
  '{"title": "The "Big" Sale", "pct": 20}',
  "#SaveTheBees",
  "Rechnungsnr.",
  "user name",
  '203.0.113.9 - - [05/Feb/2024] "GET /index.html HTTP/1.1" 200 512',
  "From: Hana <hana@example.org>\nTo: desk@example.com\nSubject: broken chair",
  "A 09:00 new logo on website; B 09:30 db pool size 100 -> 10; C 09:45 wiki update. Incident 09:40: api waits for db connections",
  "Warning BackOff 12s (x3 over 40s) kubelet pod/web-1 Back-off restarting failed container",
  "Instruction: Name three primary colours. Response: Red, yellow, blue.",
  "[Ada: plumbing; Bo: wiring; Cem: roofs] the tap drips",
  "This bag is very *light*.",
  "My Year Without Sugar",
  "A: Rosa Lima, rosa@lima.example, Quito\nB: R. Lima, rosa@lima.example\nC: Tom Beck, Graz",
  "bake at 180 C for 25 mins",
  "Oak chest, 1543",
  "I left my black umbrella on line 4 this morning.",
  "I'd like to apply for the job as night porter.",
  "mas tolong pipa di dapur pecah air muncrat terus sudah sampai ruang tamu!!",
  "2 kg Kartoffeln festkochend",
];
