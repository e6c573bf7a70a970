/** German for what people agree to. What exactly they agree to comes from the server. */

export const consentDe = {
  consent: {
    title: "Was die anderen dürfen",
    open: "Was die anderen von mir dürfen",
    loading: "Wird geladen …",
    missing: "Der Text dazu ist noch nicht da. Du kannst ohne Zustimmung dabei sein und später entscheiden.",
    version: (version: string) => `Fassung ${version}`,
    notOffered: "Dafür liegt keine Erlaubnis deiner Eltern vor.",
    questions: { seen: "Dürfen die anderen dich sehen?", heard: "Dürfen die anderen dich hören?", read: "Dürfen alle lesen, was du schreibst?" },
    changeable: "Du kannst das jederzeit ändern.",
    yes: "Ja, einverstanden",
    no: "Gerade nicht",
    takenBack: "Was du ausschaltest, endet sofort. Nachrichten, die andere lesen konnten, verschwinden dann auch.",
    chatToTeachers: "Was du schreibst, liest nur deine Lehrkraft.",
    chatUnread: "Die Klasse liest noch nicht, was du schreibst.",
    writeToAll: "An alle schreiben",
    withheld: { heard: "möchte nicht gehört werden" },
    refused: "Dazu hast du noch nicht zugestimmt.",
    parents: "Darf zustimmen zu",
    media: { seen: "Bild", heard: "Ton", read: "Text" },
  },
};
