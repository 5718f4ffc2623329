"""Invents CVs in French: the words, the sentences, the order of sections.

A CV is made from a random.Random alone, so that one seed always gives one
text. Nobody in it exists: telephone numbers are those kept for fiction, and
addresses end in `.example`.
"""

import re
import unicodedata
from dataclasses import dataclass, field

NBSP = "\u00a0"
SOFT = "\u00ad"

# ---------------------------------------------------------------- vocabulary

MASCULINE = """
atelier module parcours dispositif projet programme référentiel questionnaire
livret carnet cahier guide mémento manuel support scénario diaporama tutoriel
didacticiel glossaire lexique annuaire répertoire catalogue inventaire bilan
diagnostic audit compte-rendu procès-verbal rapport mémoire dossier formulaire
tableau graphique schéma croquis plan calendrier planning échéancier protocole
règlement arrêté décret contrat marché devis budget chantier bâtiment ouvrage
réseau service bureau secrétariat comité conseil groupe cercle forum colloque
séminaire congrès salon festival concours jury examen entretien tutorat
accompagnement encadrement recrutement apprentissage enseignement perfectionnement
renouvellement développement aménagement équipement financement règlement
classement archivage récolement affichage étiquetage arrosage élagage paillage
compostage fleurissement nettoyage désherbage balayage éclairage chauffage
câblage outillage tissage tressage cannage vernissage émaillage polissage
modelage moulage tournage sablage soudage forgeage rivetage plissage gainage
laminage poinçonnage gaufrage brochage massicotage encollage collage découpage
territoire quartier village bourg hameau canton département arrondissement
jardin verger potager étang bassin cours-d’eau barrage fossé talus sentier
préau réfectoire vestiaire gymnase théâtre musée conservatoire orchestre
logiciel progiciel serveur portail courriel navigateur tableur algorithme
fichier registre journal bulletin cadastre recensement scrutin dépouillement
vêtement costume tissu velours feutre cuir parchemin papier carton vernis
pigment émail grès biscuit four tour ciseau rabot maillet étau burin poinçon
patron gabarit modèle prototype échantillon décor chevalet tréteau cadre
fauteuil meuble coffre tiroir placage parquet escalier colombage torchis enduit
mortier plâtre moellon pavé linteau chapiteau vitrail plomb étain laiton bronze
objectif résultat indicateur critère seuil écart rythme rôle geste regard
""".split()

FEMININE = """
séquence séance démarche méthode pédagogie évaluation formation certification
qualification habilitation progression restitution synthèse analyse enquête
étude recherche expérimentation observation immersion simulation animation
médiation concertation consultation délibération convocation convention
subvention dotation tarification facturation comptabilité trésorerie régie
recette dépense commande livraison fourniture maintenance réparation
restauration rénovation réhabilitation construction conception rédaction
correction relecture traduction illustration impression reliure dorure
typographie calligraphie gravure lithographie sérigraphie photographie
cartographie signalétique documentation bibliothèque médiathèque ludothèque
artothèque exposition visite conférence représentation répétition chorale
fanfare résidence création collection réserve archive charte notice fiche
grille affiche brochure plaquette gazette infolettre page rubrique base
procédure consigne règle norme loi ordonnance directive circulaire jurisprudence
commune métropole intercommunalité région préfecture mairie école crèche
cantine garderie maternelle association coopérative fondation équipe brigade
direction mission commission réunion rencontre formatrice tutrice transmission
coordination supervision régulation planification organisation logistique
mobilité accessibilité sécurité sûreté prévention hygiène ergonomie santé
qualité traçabilité confidentialité déontologie laïcité citoyenneté égalité
mixité diversité solidarité parentalité autonomie dépendance vieillesse
jeunesse enfance naissance adolescence cohésion insertion inclusion
voirie chaussée signalisation passerelle fontaine place ruelle venelle pelouse
haie prairie pépinière serre friche forêt rivière source nappe station épuration
collecte déchèterie recyclerie ressourcerie énergie isolation chaudière
menuiserie ébénisterie charpente marqueterie ferronnerie serrurerie dinanderie
céramique poterie faïence porcelaine mosaïque verrerie vannerie tapisserie
broderie dentelle couture teinture maroquinerie sellerie cordonnerie lutherie
horlogerie bijouterie orfèvrerie pâtisserie boulangerie chocolaterie charcuterie
maquette esquisse épure coupe ébauche finition patine cire résine laque argile
glaçure cuisson trempe soudure forge enclume meule lime scie varlope équerre
toiture ardoise tuile gouttière fenêtre façade voûte corniche balustrade
compétence aptitude capacité expérience pratique habitude exigence rigueur
curiosité écoute patience bienveillance réactivité discrétion créativité
""".split()

# Masculine forms; an irregular feminine follows a slash.
ADJECTIVES = """
collectif individuel personnalisé progressif participatif coopératif ludique
numérique hybride présentiel distanciel modulaire interactif innovant inventif
créatif artisanal traditionnel contemporain ancien médiéval baroque régional
municipal communal intercommunal départemental métropolitain territorial rural
urbain périurbain littoral montagnard insulaire frontalier européen national
international local public/publique privé associatif mutualiste solidaire social
culturel éducatif scolaire périscolaire universitaire professionnel technique
scientifique artistique patrimonial touristique sportif écologique durable
énergétique hydraulique thermique électrique mécanique acoustique graphique
juridique réglementaire administratif budgétaire financier comptable fiscal
statistique analytique synthétique prospectif stratégique opérationnel pratique
théorique pédagogique didactique méthodologique docimologique andragogique
annuel mensuel hebdomadaire quotidien trimestriel semestriel pluriannuel
ponctuel régulier permanent saisonnier provisoire définitif préalable ultérieur
précis rigoureux soigné minutieux méticuleux harmonieux chaleureux généreux
attentif réactif autonome polyvalent efficace fiable souple adaptable
accessible inclusif bienveillant exigeant complet/complète concret/concrète
discret/discrète secret/secrète gratuit payant ouvert fermé mobile itinérant
végétal minéral textile métallique céramique ligneux argileux calcaire
polychrome monochrome ajouré ciselé tressé sculpté gravé émaillé verni doré
argenté cuivré patiné vieilli restauré rénové réhabilité modernisé simplifié
dématérialisé mutualisé externalisé centralisé sécurisé certifié agréé labellisé
""".split()

# Verbs of the first group: the other forms are made from the infinitive.
VERBS = """
animer concevoir/conçu/concevant rédiger évaluer former encadrer accompagner
coordonner superviser piloter planifier organiser préparer adapter actualiser
moderniser simplifier numériser dématérialiser archiver inventorier cartographier
recenser analyser diagnostiquer auditer expertiser conseiller orienter
sensibiliser informer documenter illustrer présenter exposer promouvoir/promu/promouvant
valoriser transmettre/transmis/transmettant enseigner expliquer démontrer
expérimenter tester valider certifier contrôler vérifier corriger améliorer
optimiser consolider sécuriser fiabiliser négocier contractualiser acheter
commander réceptionner stocker distribuer gérer budgéter chiffrer facturer
financer subventionner mutualiser fédérer réunir/réuni/réunissant mobiliser
recruter intégrer tutorer évoquer questionner écouter observer reformuler
apaiser arbitrer concilier médiatiser traduire/traduit/traduisant interpréter
restaurer rénover réhabiliter construire/construit/construisant maçonner
charpenter tailler sculpter graver ciseler forger souder émailler tourner
modeler mouler cuire/cuit/cuisant tisser tresser coudre/cousu/cousant broder
teindre/teint/teignant relier dorer vernir/verni/vernissant cirer polir/poli/polissant
planter élaguer semer récolter composter arroser entretenir/entretenu/entretenant
déployer paramétrer configurer programmer sauvegarder dépanner héberger
scénographier éditer publier diffuser
""".split()

THEMES = [theme.strip() for theme in """
la prévention des risques ; les marchés publics ; la commande publique ; l’état civil ;
les finances locales ; la fiscalité directe ; l’urbanisme réglementaire ; le droit des sols ;
la gestion des espaces verts ; la petite enfance ; la restauration scolaire ;
l’accueil du public ; la gestion des conflits ; l’écoute active ; la prise de parole ;
la conduite de réunion ; la rédaction des actes ; la note de synthèse ; l’archivage électronique ;
la protection des données ; l’accessibilité numérique ; la cybersécurité ; la bureautique ;
l’intelligence collective ; la conduite du changement ; le management intermédiaire ;
la qualité de vie au travail ; les risques psychosociaux ; le document unique ;
les gestes et postures ; la sécurité incendie ; l’hygiène alimentaire ; le plan de maîtrise sanitaire ;
la laïcité ; l’égalité professionnelle ; la lutte contre les discriminations ;
le handicap psychique ; la langue des signes ; le facile à lire et à comprendre ;
l’action sociale ; l’aide à domicile ; la protection de l’enfance ; l’insertion par l’activité ;
la politique de la ville ; la participation citoyenne ; le budget participatif ;
le développement durable ; la biodiversité ordinaire ; la trame verte et bleue ;
la gestion différenciée ; le zéro phytosanitaire ; l’eau potable ; l’assainissement collectif ;
la collecte des déchets ; l’économie circulaire ; la transition énergétique ;
les mobilités douces ; la voirie communale ; l’éclairage nocturne ; la sobriété foncière ;
la revitalisation des centres-bourgs ; le commerce de proximité ; le tourisme fluvial ;
la lecture publique ; l’éveil musical ; l’éducation artistique ; le spectacle vivant ;
la conservation préventive ; le patrimoine industriel ; l’inventaire des collections ;
la pierre sèche ; la chaux aérienne ; la terre crue ; la charpente traditionnelle ;
la taille de pierre ; le vitrail au plomb ; la dorure à la feuille ; la reliure japonaise ;
la teinture végétale ; le tissage de haute lice ; la vannerie d’osier ; la céramique raku ;
la forge de couteaux ; l’émaillage sur cuivre ; la lutherie baroque ; la laque végétale ;
l’ébénisterie d’art ; le cannage de sièges ; la coutellerie ; la boulangerie au levain ;
la pâtisserie de boutique ; la chocolaterie fine ; l’affinage des fromages ; la brasserie artisanale ;
l’ingénierie pédagogique ; la pédagogie inversée ; l’évaluation formative ; le mentorat ;
la validation des acquis ; le tutorat en entreprise ; la ludification ; la classe virtuelle
""".split(";")]

PUBLICS = [public.strip() for public in """
agents d’accueil ; agents de maîtrise ; secrétaires de mairie ; élus municipaux ; cadres territoriaux ;
directrices de crèche ; auxiliaires de puériculture ; animateurs périscolaires ; cuisinières scolaires ;
jardiniers municipaux ; égoutiers ; éboueurs ; ripeurs ; cantonniers ; fontainiers ; électriciens ;
policiers municipaux ; gardes champêtres ; sapeurs volontaires ; bibliothécaires ; archivistes ;
médiateurs ; conservateurs ; régisseurs ; techniciens du spectacle ; assistantes sociales ;
éducateurs spécialisés ; aides-soignantes ; infirmières scolaires ; ergothérapeutes ;
demandeurs d’emploi ; jeunes décrocheurs ; apprentis ; stagiaires ; alternants ; bénévoles ;
compagnons ; artisans d’art ; céramistes ; ébénistes ; tapissiers ; maçons ; couvreurs ; zingueurs ;
maraîchers ; apiculteurs ; vignerons ; brasseurs ; boulangères ; œnologues ; restaurateurs ;
comptables publics ; trésoriers ; acheteurs ; juristes ; géomètres ; urbanistes ; paysagistes ;
collégiens ; lycéennes ; étudiants étrangers ; retraités ; aidants familiaux ; personnes âgées ;
locataires ; habitants des quartiers prioritaires ; commerçants ; hôteliers ; guides conférenciers
""".split(";")]

RARE = """
zythologie ethnobotanique archéométrie ludopédagogie scénographie œnologie
héraldique vexillologie campanologie sigillographie paléographie toponymie
anthroponymie dendrochronologie palynologie lichénologie bryologie malacologie
pomologie ampélographie xylologie mycologie ornithologie entomologie
gnomonique horographie numismatique philatélie cartophilie bibliophilie
spéléologie karstologie glaciologie hydrogéologie pédologie agroforesterie
permaculture vermicompostage apithérapie hippothérapie musicothérapie
psychomotricité ergologie docimologie andragogie didactologie lexicographie
ethnomusicologie organologie muséographie sémiologie scripophilie
tribologie rhéologie métrologie photogrammétrie lasergrammétrie géomatique
bioclimatisme phytoépuration stéréotomie castellologie tégestologie
molinologie fromologie chocolatologie caséologie acériculture héliciculture
spiruliniculture trufficulture saliculture osiériculture mytiliculture
phonologie dialectologie parémiologie onomastique œcuménisme cœnesthésie
""".split()

TRADES = [trade.strip() for trade in """
formateur/formatrice en droit public ; formateur/formatrice en bureautique ;
consultant/consultante en finances locales ; chargé/chargée de mission mobilité ;
ingénieur pédagogique/ingénieure pédagogique ; concepteur/conceptrice de formations ;
responsable de formation ; conseiller/conseillère en évolution professionnelle ;
secrétaire général de mairie/secrétaire générale de mairie ; juriste en commande publique ;
directeur/directrice de médiathèque ; médiateur culturel/médiatrice culturelle ;
archiviste itinérant/archiviste itinérante ; scénographe ; ludopédagogue ; œnologue ; zythologue ;
ethnobotaniste ; archéomètre ; ébéniste ; marqueteur/marqueteuse ; tapissier/tapissière ;
céramiste ; verrier/verrière ; vitrailliste ; ferronnier/ferronnière d’art ; coutelier/coutelière ;
relieur-doreur/relieuse-doreuse ; maroquinier/maroquinière ; luthier/luthière ; vannier/vannière ;
brodeur/brodeuse ; tisserand/tisserande ; teinturier/teinturière ; tailleur/tailleuse de pierre ;
couvreur/couvreuse ; charpentier/charpentière ; maçon/maçonne du patrimoine ; boulanger/boulangère ;
pâtissier/pâtissière ; brasseur/brasseuse ; fromager/fromagère ; maraîcher/maraîchère ;
paysagiste ; élagueur/élagueuse ; fontainier/fontainière ; urbaniste ; géomaticien/géomaticienne ;
animateur/animatrice nature ; éducateur/éducatrice de jeunes enfants ; psychologue du travail ;
ergonome ; préventeur/préventrice ; coach d’équipe ; facilitateur/facilitatrice graphique
""".split(";")]

MEN = """
Aurélien Benoît Cédric Désiré Émile Étienne Fabrice Félicien Gaëtan Grégoire
Hervé Jérémie Joël Kévin Loïc Maël Mathéo Maxence Noël Octave Pacôme Raphaël
Régis Rémi Sébastien Stéphane Théo Timothée Valéry Xavier Yaël Zéphyrin
""".split()

WOMEN = """
Adèle Agnès Anaïs Aurélie Bérénice Cécile Céleste Chloé Clémence Daphné Édith
Élodie Éléonore Estelle Françoise Gaëlle Geneviève Hélène Héloïse Inès Joséphine
Léa Léonie Mélanie Maëlys Noémie Océane Pénélope Régine Solène Thérèse Zoé
""".split()

SURNAMES = """
Aubépin Barthélémy Beaucœur Bessière Boisgenêt Bréchard Brûlefer Cazenave Chêneveau
Clairefontaine Coëtquen Courtemanche Crèvecœur Delagrève Deschênes Dufrêne Duchâtel
Échevin Estève Fauchère Ferrière Fontanès Forêtier Garrigues Genévrier Grandpré
Guérande Hautecœur Héricourt Hôtelier Jolibois Kerdoncuff Lachèvre Laforêt Lagrange
Lepâtre Lévêque Maisonneuve Malaurie Maréchaux Mercœur Montégut Mûrier Noirétable
Orfèvre Pâquerette Peyrelongue Plantevin Préaulx Quéméneur Rivoisière Rochebrune
Sauvêtre Sénéchal Taillefer Tisserand Trémolières Vallée-Dubois Vauquelin Verdière
""".split()

CITIES = """
Abbeville Albi Alençon Ambérieu Angoulême Annecy Annonay Arcachon Argelès Auch
Aurillac Autun Auxerre Avranches Bar-le-Duc Bayeux Beaune Bégard Béziers Blois
Bourg-en-Bresse Brioude Cahors Carhaix Châteauroux Château-Thierry Châtellerault
Cholet Clamecy Compiègne Condom Coutances Dinan Dole Épernay Épinal Évreux Figeac
Foix Fougères Gérardmer Guéret Hazebrouck Issoire Josselin Lannion Laon Lodève
Loudéac Lunéville Mâcon Mayenne Mende Millau Montbéliard Montélimar Morlaix Nérac
Nevers Niort Nogent-le-Rotrou Orthez Paimpol Pamiers Périgueux Pézenas Pontarlier
Privas Quimper Redon Rodez Romorantin Saint-Brieuc Saint-Étienne Saintes Sarlat
Sélestat Sète Saverne Sisteron Tulle Uzès Vendôme Verdun Vesoul Vitré Yssingeaux
""".split()

EMPLOYERS = [employer.strip() for employer in """
Ville de @ ; Communauté d’agglomération de @ ; Syndicat des eaux de @ ; Centre de gestion de @ ;
Maison des métiers de @ ; Chambre de métiers de @ ; Médiathèque de @ ; Musée de la Céramique, @ ;
Atelier du Vieux Pont, @ ; Coopérative « Les Mains d’œuvre », @ ; Greta de @ ; Université populaire de @ ;
Association Racines & Écorces, @ ; Office de tourisme de @ ; Hôpital de @ ; Lycée des métiers, @ ;
Fonderie Brûlefer, @ ; Ébénisterie Deschênes & filles, @ ; Brasserie de l’Écluse, @ ;
Manufacture des Trois Sœurs, @ ; Cabinet Préaulx Conseil, @ ; École d’art de @ ; Régie de quartier de @ ;
Département, site de @ ; Centre social de @ ; Conservatoire botanique de @ ; Parc naturel, antenne de @
""".split(";")]

DIPLOMAS = [diploma.strip() for diploma in """
CAP Ébéniste ; CAP Arts de la reliure ; Brevet des métiers d’art, céramique ; BTS Tourisme ;
BTS Comptabilité et gestion ; DUT Carrières sociales ; Licence d’histoire de l’art ;
Licence de droit public ; Licence professionnelle Médiation ; Master Ingénierie de formation ;
Master Droit des collectivités ; Master Urbanisme et aménagement ; Doctorat en archéométrie ;
Titre professionnel Formateur d’adultes ; Certificat de sauveteur secouriste du travail ;
Habilitation électrique BR ; Diplôme d’État de psychologue ; Diplôme universitaire d’ethnobotanique ;
Diplôme national d’œnologue ; Certificat Voltaire (score : 912) ; Baccalauréat littéraire ;
Baccalauréat technologique ; Brevet de technicien supérieur agricole ; Attestation Compostage de quartier
""".split(";")]

LANGUAGES = """
anglais allemand espagnol italien portugais néerlandais polonais breton occitan
basque alsacien corse arabe japonais roumain tchèque suédois grec
""".split()

LEVELS = ["débutant", "intermédiaire", "courant", "bilingue", "langue maternelle", "A2", "B1", "B2", "C1"]

HOBBIES = [hobby.strip() for hobby in """
randonnée en moyenne montagne ; chorale polyphonique ; théâtre d’improvisation ; apiculture ;
aquarelle ; cueillette des champignons ; jeux de société ; échecs ; escrime artistique ; vélo-cargo ;
kayak de mer ; lecture à voix haute ; généalogie ; photographie argentique ; origami ; tir à l’arc ;
cuisine à l’ancienne ; brassage amateur ; taille de fruitiers ; astronomie ; accordéon diatonique ;
vielle à roue ; danse bretonne ; pétanque ; modélisme ferroviaire ; tricot ; bénévolat au café-réparation ;
sauvetage en mer ; spéléologie ; orgue de Barbarie ; marche nordique ; haïkus ; crêpes et galettes
""".split(";")]

SKILLS = [skill.strip() for skill in """
LibreOffice ; tableur avancé ; publication assistée ; QGIS ; AutoCAD ; GIMP ; Inkscape ; Moodle ;
visioconférence ; montage vidéo ; prise de son ; permis B ; permis CE ; CACES R489 ; SST ;
comptabilité M57 ; logiciel de paie ; gestion électronique de documents ; rédaction administrative ;
facilitation visuelle ; techniques d’enquête ; cartographie ; gestion de projet ; écriture inclusive
""".split(";")]

MONTHS = """janvier février mars avril mai juin juillet août septembre octobre
novembre décembre""".split()

HARD_H = ("haie", "hameau", "handicap", "héraldique", "hêtre", "hybride")
TITLES = {
    "profile": ["Profil", "À propos", "Présentation", "En quelques mots"],
    "jobs": ["Expériences professionnelles", "Parcours professionnel", "Expérience"],
    "training": ["Formation", "Diplômes et formations", "Études"],
    "missions": ["Interventions récentes", "Références de formation", "Actions menées"],
    "skills": ["Compétences", "Savoir-faire", "Domaines d’intervention"],
    "languages": ["Langues", "Langues étrangères"],
    "hobbies": ["Centres d’intérêt", "Loisirs", "Et à côté"],
    "method": ["Approche pédagogique", "Ma démarche", "Façon de travailler"],
    "works": ["Réalisations marquantes", "Œuvres et chantiers", "Publications"],
    "contact": ["Contact", "Coordonnées", "Me joindre"],
}


# ------------------------------------------------------------------- grammar

def vowel_first(word):
    """Says whether an article is elided before the word."""
    first = unicodedata.normalize("NFD", word.lower())[0]
    return first in "aeiouœ" or (first == "h" and not word.lower().startswith(HARD_H))


def plural(word):
    """The plural of a noun or of an adjective."""
    if word == "vitrail":
        return "vitraux"
    if word[-1] in "sxz":
        return word
    if word.endswith(("eau", "au")):
        return word + "x"
    if word.endswith("al") and word not in ("festival",):
        return word[:-2] + "aux"
    if word == "émail":
        return "émaux"
    if word in ("compte-rendu", "procès-verbal", "cours-d’eau"):
        return {"compte-rendu": "comptes-rendus", "procès-verbal": "procès-verbaux"}.get(word, word)
    return word + "s"


def feminine(adjective):
    """The feminine of an adjective given in the masculine."""
    endings = [("eux", "euse"), ("if", "ive"), ("er", "ère"), ("ien", "ienne"),
               ("éen", "éenne"), ("el", "elle"), ("e", "e")]
    for ending, other in endings:
        if adjective.endswith(ending):
            return adjective[: -len(ending)] + other
    return adjective + "e"


def verb(entry):
    """Infinitive, past participle and present participle."""
    if "/" in entry:
        return tuple(entry.split("/"))
    stem = entry[:-2]
    soft = stem + "e" if stem.endswith("g") else stem
    return entry, stem + "é", soft + "ant"


def joined(preposition, phrase):
    """`de` or `à` before a phrase that starts with its article."""
    short = {"de le ": "du ", "de les ": "des ", "à le ": "au ", "à les ": "aux "}
    whole = f"{preposition} {phrase}"
    for long, contracted in short.items():
        if whole.startswith(long):
            return contracted + whole[len(long):]
    return whole


def of(word):
    """`de` or `d’` before a bare word."""
    return ("d’" if vowel_first(word) else "de ") + word


def capital(text):
    return text[0].upper() + text[1:]


def unaccented(text):
    """Small letters of ASCII alone, for an address."""
    plain = text.lower().replace("œ", "oe")
    plain = unicodedata.normalize("NFD", plain)
    return re.sub("[^a-z-]", "", plain)


def softened(text):
    """Adds soft hyphens between the syllables of long words."""
    vowels = "aeiouyàâéèêëîïôûùœ"
    single = f"(?<=[{vowels}])(?=[bcdfghjklmnpqrstvz][{vowels}])"
    double = f"(?<=[{vowels}][lmnrs])(?=[bcdfgjlmnpqrstvz][{vowels}])"

    def cut(found):
        word = found.group()
        for place in (single, double):
            middle = re.sub(place, SOFT, word[2:-2])
            word = word[:2] + middle + word[-2:]
        return word

    # An address is left as it is.
    return " ".join(part if "@" in part or ".example" in part
                    else re.sub(r"[^\W\d_]{9,}", cut, part)
                    for part in text.split(" "))


# ---------------------------------------------------------------------- the CV

@dataclass
class Section:
    """A heading and what follows it.

    A block is a tuple: ("p", text), ("ul", items), ("table", rows) or
    ("job", dates, post, place, items).
    """
    title: str
    blocks: list
    side: bool = False


@dataclass
class Cv:
    name: str
    trade: str
    contact: list
    sections: list = field(default_factory=list)

    def mapped(self, change):
        """The same CV with every text changed."""
        def deep(value):
            if isinstance(value, str):
                return change(value)
            return type(value)(deep(part) for part in value)

        def block(value):
            return (value[0],) + deep(value[1:])

        sections = [Section(change(s.title), [block(b) for b in s.blocks], s.side)
                    for s in self.sections]
        return Cv(change(self.name), change(self.trade), deep(self.contact), sections)


class Writer:
    """Writes one CV from one random source."""

    def __init__(self, rng):
        self.rng = rng
        self.woman = rng.random() < 0.5
        self.dash = rng.choice("–—-")

    # -- parts of a sentence

    def pick(self, values):
        return self.rng.choice(values)

    def noun(self):
        if self.rng.random() < 0.5:
            return self.pick(MASCULINE), False
        return self.pick(FEMININE), True

    def adjective(self, is_feminine, many=False):
        entry = self.pick(ADJECTIVES)
        base = entry.split("/")[0]
        word = entry.split("/")[-1] if is_feminine and "/" in entry else base
        if is_feminine and "/" not in entry:
            word = feminine(base)
        return plural(word) if many else word

    def one(self):
        word, is_feminine = self.noun()
        article = "une" if is_feminine else "un"
        return f"{article} {word} {self.adjective(is_feminine)}"

    def many(self):
        word, is_feminine = self.noun()
        return f"{plural(word)} {self.adjective(is_feminine, many=True)}"

    def the(self):
        word, is_feminine = self.noun()
        article = "l’" if vowel_first(word) else ("la " if is_feminine else "le ")
        return f"{article}{word} {self.adjective(is_feminine)}"

    def theme(self):
        if self.rng.random() < 0.22:
            word = self.pick(RARE)
            masculine = word.endswith(("isme", "age"))
            return ("l’" if vowel_first(word) else "le " if masculine else "la ") + word
        return self.pick(THEMES)

    def count(self):
        return str(self.rng.randint(2, 60))

    def money(self):
        thousands = self.rng.randint(1, 480)
        return f"{thousands}{NBSP}{self.rng.randint(0, 9)}{self.pick(['00', '50'])}{NBSP}€"

    def share(self):
        return f"{self.rng.randint(11, 99)},{self.rng.randint(1, 9)}{NBSP}%"

    def month(self, year):
        return f"{self.pick(MONTHS)} {year}"

    # -- sentences

    def item(self):
        """A line of a list: what was done in a post."""
        infinitive, done, doing = verb(self.pick(VERBS))
        other = verb(self.pick(VERBS))
        shapes = [
            lambda: f"{capital(infinitive)} {self.one()} sur {self.theme()}",
            lambda: f"{capital(infinitive)} et {other[0]} {self.count()} {self.many()}",
            lambda: f"{self.count()} {self.many()} pour les {self.pick(PUBLICS)}",
            lambda: f"{capital(infinitive)} {self.the()} en {other[2]} {self.one()}",
            lambda: f"Suivi {joined('de', self.the())} : {self.money()} par an",
            lambda: f"Formation des {self.pick(PUBLICS)} {joined('à', self.theme())} ({self.count()}{NBSP}h)",
            lambda: f"Mise en place {of(self.one())}, taux de satisfaction de {self.share()}",
            lambda: f"Mise en œuvre {joined('de', self.the())} auprès de {self.count()} {self.pick(PUBLICS)}",
            lambda: f"Réponse à {self.count()} appels d’offres, dont « {capital(self.theme())} »",
            lambda: f"Écriture {of(self.one())} (n°{NBSP}{self.rng.randint(3, 98)}) avec les {self.pick(PUBLICS)}",
            lambda: f"Travail en équipe avec les {self.pick(PUBLICS)} et les {self.pick(PUBLICS)}",
            lambda: f"Passage {joined('de', self.the())} {joined('à', self.the())}",
        ]
        return self.pick(shapes)()

    def sentence(self):
        """A whole sentence in the first person."""
        infinitive, done, doing = verb(self.pick(VERBS))
        other = verb(self.pick(VERBS))
        year = self.rng.randint(1994, 2025)
        shapes = [
            lambda: f"Depuis {year}, j’accompagne les {self.pick(PUBLICS)} sur {self.theme()} et {self.theme()}.",
            lambda: f"J’aime {infinitive} {self.the()}, puis {other[0]} {self.one()} avec les {self.pick(PUBLICS)}.",
            lambda: f"En {year}, j’ai {done} {self.one()} {joined('à', self.pick(CITIES))}, en {other[2]} {self.count()} {self.many()}.",
            lambda: f"Chaque séance part {of(self.one())} : on y aborde {self.theme()} sans jamais oublier {self.the()}.",
            lambda: f"Qu’il s’agisse {joined('de', self.theme())} ou {joined('de', self.theme())}, je cherche à {infinitive} {self.the()}.",
            lambda: f"L’essentiel, aujourd’hui, c’est {joined('de', self.theme())} que l’on apprend à {infinitive} {self.one()}.",
            lambda: f"Mon métier consiste à {infinitive} {self.the()} ; j’y ajoute volontiers {self.theme()}.",
            lambda: f"Au cœur de mon travail : {self.theme()}, {self.theme()} et {self.many()}.",
            lambda: f"J’ai {done} plus de {self.count()} {self.many()} — soit {self.money()} de commandes — pour les {self.pick(PUBLICS)}.",
            lambda: f"Les {self.pick(PUBLICS)} m’ont confié {self.the()} ; {self.share()} des stagiaires s’en disent satisfaits.",
            lambda: f"Là où il faut {infinitive}, je préfère {other[0]} {self.one()}, quitte à revoir {self.the()}.",
            lambda: f"Passé par {self.theme()} avant d’arriver {joined('à', self.theme())}, j’ai gardé le goût {joined('de', self.the())}."
            if not self.woman else
            f"Passée par {self.theme()} avant d’arriver {joined('à', self.theme())}, j’ai gardé le goût {joined('de', self.the())}.",
        ]
        return self.pick(shapes)()

    def paragraph(self, sentences):
        return " ".join(self.sentence() for _ in range(sentences))

    def dates(self, year):
        end = year + self.rng.randint(1, 4)
        month, last = self.rng.randint(1, 12), self.rng.randint(1, 12)
        return self.pick([
            f"{year} {self.dash} {end}",
            f"{MONTHS[month - 1]} {year} {self.dash} {MONTHS[last - 1]} {end}",
            f"{month:02}/{year} {self.dash} {last:02}/{end}",
            f"Depuis {self.month(year)}",
            f"Du 1er {MONTHS[month - 1]} {year} au {self.rng.randint(2, 28)} {MONTHS[last - 1]} {end}",
        ])

    def trade(self):
        """A trade in the gender of the person."""
        text = self.pick(TRADES)
        if "/" not in text:
            return capital(text)
        left, right = text.split("/")
        # What follows the second form belongs to both, unless both are phrases.
        tail = right[len(right.split(" ")[0]):]
        if self.woman:
            return capital(right)
        return capital(left if " " in left else left + tail)

    def employer(self):
        city, pattern = self.pick(CITIES), self.pick(EMPLOYERS)
        return pattern.replace("de @", of(city)).replace("@", city)

    # -- sections

    def title(self, kind):
        return self.pick(TITLES[kind])

    def jobs(self, many):
        years = sorted((self.rng.randint(1996, 2023) for _ in range(many)), reverse=True)
        return [("job", self.dates(year), self.trade(), self.employer(),
                 [self.item() for _ in range(self.rng.randint(2, 5))]) for year in years]

    def training(self):
        years = sorted((self.rng.randint(1985, 2022) for _ in range(self.rng.randint(2, 5))), reverse=True)
        return [("ul", [f"{year} {self.dash} {self.pick(DIPLOMAS)}, {self.pick(CITIES)}" for year in years])]

    def missions(self, many):
        rows = [("Année", "Intitulé", "Public", "Durée")]
        for _ in range(many):
            rows.append((str(self.rng.randint(2012, 2025)), capital(self.theme()),
                         capital(self.pick(PUBLICS)), f"{self.rng.randint(3, 70)}{NBSP}h"))
        return [("table", rows)]

    def languages(self):
        chosen = self.rng.sample(LANGUAGES, self.rng.randint(2, 4))
        return [("ul", [f"{capital(name)} : {self.pick(LEVELS)}" for name in chosen])]

    def skills(self):
        chosen = self.rng.sample(SKILLS, self.rng.randint(4, 7))
        more = [capital(self.pick(RARE)) for _ in range(self.rng.randint(1, 3))]
        return [("ul", [capital(skill) for skill in chosen] + more)]

    def hobbies(self):
        return [("p", capital(", ".join(self.rng.sample(HOBBIES, self.rng.randint(3, 6)))) + ".")]

    def contact(self, name):
        first, last = (unaccented(part) for part in name.split(" ", 1))
        host = self.pick(["courriel.example", "atelier-des-mots.example", "formation.example", "poste.example"])
        mail = self.pick([f"{first}.{last}", f"{first[0]}{last}", f"{last}_{first}", f"{first}-{last}{self.rng.randint(1, 99)}"])
        phone = self.pick(["06 39 98", "01 99 00", "05 36 49"])
        street = self.pick(["rue", "place", "quai", "allée", "impasse"])
        return [
            f"{self.rng.randint(1, 180)}{self.pick(['', ' bis'])}, {street} {joined('de', self.pick(['la Forge', 'les Tanneurs', 'l’Écluse', 'le Vieux-Puits', 'les Sœurs-Grises', 'le Général-Brûlefer']))}",
            f"{self.rng.randint(1, 95):02}{self.rng.randint(0, 99):02}0 {self.pick(CITIES)}",
            f"{phone} {self.rng.randint(10, 99)} {self.rng.randint(10, 99)}",
            f"{mail}@{host}",
            self.pick([f"https://www.{last}.example", f"{self.rng.randint(24, 64)} ans",
                       f"N° d’activité : {self.rng.randint(11, 95)} {self.rng.randint(10, 95)} 0{self.rng.randint(1000, 9999)} {self.rng.randint(10, 95)}"]),
        ]

    def cv(self, length):
        """A CV of about `length` pages, from 1 to 3."""
        name = f"{self.pick(WOMEN if self.woman else MEN)} {self.pick(SURNAMES)}"
        cv = Cv(name, self.trade(), self.contact(name))
        add = cv.sections.append
        add(Section(self.title("profile"), [("p", self.paragraph(self.rng.randint(2, 4)))]))
        add(Section(self.title("jobs"), self.jobs(self.rng.randint(2, 3) * length)))
        add(Section(self.title("training"), self.training()))
        if length > 1 or self.rng.random() < 0.4:
            add(Section(self.title("missions"), self.missions(self.rng.randint(3, 5) * length)))
        if length > 1:
            add(Section(self.title("method"), [("p", self.paragraph(4)) for _ in range(length - 1)]))
        if length > 2:
            works = [self.item() for _ in range(self.rng.randint(5, 9))]
            add(Section(self.title("works"), [("ul", works)]))
        add(Section(self.title("skills"), self.skills(), side=True))
        add(Section(self.title("languages"), self.languages(), side=True))
        add(Section(self.title("hobbies"), self.hobbies(), side=True))
        return cv


def straight(text):
    """What is typed by someone in a hurry: ' for ’ and plain spaces."""
    return text.replace("’", "'").replace(NBSP, " ")


def invented(rng):
    """One CV, about one page half of the time, two or three otherwise."""
    writer = Writer(rng)
    cv = writer.cv(rng.choice([1, 1, 1, 2, 2, 3]))
    return cv.mapped(straight) if rng.random() < 0.4 else cv
