"""Label wordings: what columns and form fields are called, in English, French and the short forms of systems.

compose() puts a role's word and a field's word together in one of many ways and writes it in one of many styles. `Field` names are those of
src/census/structure/field.h. Wordings are separated by "|".
"""
import re

# field: English, French, system names
FIELDS = {
    "full_name": ("Name|Full name|Legal name|Name (last, first)|Name in full|Surname, given names|Printed name|Name as on file|Person", "Nom|Nom complet|Nom et prénom|Prénom et nom|Nom, prénom|Nom au dossier", "NAME|FULL_NM|NM|LEGAL_NAME|DISPLAY_NAME|NAME_LF|FULLNAME|PERS_NM"),
    "first_name": ("First name|Given name|Given|Forename|First|Christian name|Given name(s)", "Prénom|Prénoms|Prénom usuel", "FNAME|FIRST_NM|GIVEN_NM|FRST|FST_NAME|F_NAME|GIVEN|FIRST"),
    "last_name": ("Last name|Surname|Family name|Last|Family", "Nom de famille|Nom|Patronyme", "LNAME|LAST_NM|SURNAME|SNAME|LST_NAME|FAM_NM|LAST|SUR_NM"),
    "middle_name": ("Middle name|Middle|Second name|Initial|MI", "Deuxième prénom|Initiale", "MNAME|MI|MID_INIT|MIDDLE|PT_MI"),
    "former_name": ("Maiden name|Former name|Previous surname|Also known as", "Nom de jeune fille|Nom à la naissance", "MAIDEN_NM|FORMER_NM|AKA|PREV_NM"),
    "birth_date": ("Date of birth|DOB|Birth date|Birthdate|Born|D.O.B.|Born on|Birthday|Birth|Date born", "Date de naissance|Né(e) le|Naissance|DDN|Né le|Née le|D.D.N.", "DOB|BIRTH_DT|BDATE|BRTH_DT|DT_BIRTH|DATE_NAISS|BIRTHDT|BIRTH_D|DOB_DT"),
    "age": ("Age|Age (yrs)|Years", "Âge", "AGE|AGE_YRS|PT_AGE"),
    "sex": ("Sex|Gender|M/F", "Sexe|Genre", "SEX|GNDR|SX|GENDER_CD"),
    "death_date": ("Date of death|Died|Deceased on|DOD", "Date du décès|Décédé(e) le", "DEATH_DT|DOD|DEC_DT"),
    "deceased": ("Deceased|Deceased?|Alive/deceased", "Décédé(e)|Décès", "DECEASED|DEC_IND|DEATH_FLG"),
    "address": ("Address|Home address|Mailing address|Residence|Lives at|Residential address|Street address|Where living|Address in full|Civic address", "Adresse|Adresse postale|Domicile|Adresse du domicile|Résidence|Demeurant au", "ADDR|ADDRESS|HOME_ADDR|MAIL_ADDR|RES_ADDR|ADDR_FULL|ADDRESS_1|ADR|SITUS"),
    "street": ("Street|Street address|Address line 1|Street and number|Street name", "Rue|No et rue", "STREET|ADDR1|STR_NM|ADDR_LN_1|ADDR_ST|ST_NAME|STREET_NM|ADDRESS1"),
    "street_number": ("House number|Street no.|Civic no.|House #", "No civique|Numéro civique", "ADDR_NO|STR_NO|ST_NUM|CIVIC_NO|HOUSE_NO|STREET_NUM"),
    "unit": ("Apt|Unit|Suite|Apt/unit", "App.|Appartement", "APT|UNIT|UNIT_NO|SUITE|ADDR2|APT_NO"),
    "city": ("City|Town|Municipality|City/town|Town or city|Community", "Ville|Municipalité|Localité", "CITY|CITY_NM|TOWN|MUNI|MUNICIPALITY|CTY"),
    "province": ("Province|Prov.|State|State/Province", "Province|Prov.", "PROV|PROV_CD|ST|STATE|PROVINCE"),
    "postal_code": ("Postal code|Postal|Zip|Zip/postal", "Code postal|CP", "POSTAL|PC|POST_CD|ZIP|POSTALCODE|PCODE|PSTL_CD"),
    "phone": ("Phone|Telephone|Tel.|Tel|Home phone|Cell|Mobile|Phone number|Cell phone|Contact number|Call-back|Daytime phone|Ph.|Reach at|Phone no.", "Téléphone|Tél.|Cellulaire|Tél. maison|Portable|Numéro de téléphone|No de tél.", "PHONE|TEL|PH|HOME_PH|CELL_NO|PHONE_NUM|TEL_NO|PHN1|TELNO|CONTACT_TEL|MOBILE_NO|HM_PHONE"),
    "email": ("Email|E-mail|E-mail address|Electronic mail|Email address|Personal email", "Courriel|Adresse courriel|Adresse électronique", "EMAIL|EMAIL_ADDR|E_MAIL|MAIL_ID|PERS_EMAIL|EMAILADDRESS"),
    "sin": ("SIN|Social insurance number|S.I.N.|Social insurance no.|SIN #|National ID", "NAS|Numéro d'assurance sociale|No d'assurance sociale|N.A.S.", "SIN|SIN_NO|SOC_INS_NO|NATL_ID|SIN_NUM|SSN_SIN|GOVT_ID"),
    "health_number": ("Health card|Health number|OHIP|HCN|Health card number|OHIP number|Health #|Health card no.|PHN|Provincial health number", "Carte Santé|No de carte Santé|Numéro de carte santé|NAM|Assurance maladie", "HCN|HC_NO|OHIP_NO|HLTH_CARD|PHN|HLTHNUM|HN|HEALTH_NO|PHN_OR_HCN|HC_NUM"),
    "education_number": ("OEN|Ontario Education Number|Education number|OEN number|MIN", "NISO|Numéro d'immatriculation scolaire|No NISO", "OEN|OEN_NUM|ON ED NUM|ED_NO|MOE_ID|OEN_NO"),
    "drivers_licence": ("Driver's licence|Licence number|DL number|Driver licence no.|Licence #|DL", "Permis de conduire|No de permis", "DL_NO|DRV_LIC|LIC_NUM|DLN|DRIVER_LIC|DL_NUM"),
    "passport": ("Passport|Passport number|Passport no.|Travel document", "Passeport|No de passeport", "PASSPORT|PPT_NO|PASSPORT_NUM|TRAVEL_DOC"),
    "bank_account": ("Account number|Bank account|Account no.|Account|Direct deposit account|Acct #|Chequing account", "Compte|No de compte|Compte bancaire|Numéro de compte", "ACCT|ACCT_NO|BANK_ACCT|DD_ACCT|ACCOUNT_NUM|ACCT_NUM"),
    "bank_institution_and_transit": ("Transit|Bank/transit|Branch transit|Institution and transit", "Transit|Domiciliation", "TRANSIT|DD_BANK|BANK_TRANSIT|TRN_INST"),
    "payment_card": ("Credit card|Card number|Visa number|Payment card|Card no.", "Carte de crédit|No de carte", "CC_NO|CARD_NUM|CREDIT_CARD|PAN|CARD_NO"),
    "property_roll": ("Roll number|Roll no.|Assessment roll|ARN|Assessment number", "Numéro de rôle|No de rôle", "ROLL|ROLL_NO|ARN|ROLLNUM|ASSMT_NO"),
    "grade": ("Grade|Gr.|Year|Level|Grade level|Form", "Année|Année d'études|Niveau|Degré", "GRADE|GR|YR|GRD_LVL|GRADE_CD"),
    "homeroom": ("Homeroom|Class|Room|HR|Section", "Classe|Groupe|Foyer", "HMRM|HR|CLASS_CD|HOMEROOM|RM"),
    "diagnosis": ("Diagnosis|Condition|Reason for visit|Complaint|Medical condition|Presenting problem|Medical alert|Health concerns", "Diagnostic|Motif|Problème de santé|État de santé", "DX|DIAG|COND|CHIEF_COMPL|MED_ALERT|DISPATCH_PROBLEM|PROBLEM"),
    "allergy": ("Allergies|Allergy", "Allergies", "ALLERGY|ALLERG|ALG"),
    "position": ("Position|Job title|Title|Occupation|Role|Post held", "Poste|Fonction|Titre|Profession", "JOB|JOBCODE|POSN|JOB_TITLE|OCCUP|TITLE"),
    "salary": ("Salary|Annual salary|Pay rate|Wage|Gross pay|Earnings", "Salaire|Traitement|Rémunération", "SALARY|ANNUAL|PAY_RT|GROSS|SAL_AMT"),
    "employee_number": ("Employee number|Employee ID|Emp no.|Staff number|Badge", "No d'employé|Matricule", "EMP_ID|EMPNO|EEID|BADGE_NO|PERS_NO"),
    "religion": ("Religion|Faith", "Religion|Confession", "RELIGION|FAITH|RELIG_CD"),
    "password": ("Password|Temp password|Login password", "Mot de passe", "PWD|PASSWORD|PASSWD|TMP_PW"),
    "relationship": ("Relationship|Relation|Relationship to child|Rel.", "Lien|Lien de parenté|Relation", "RELN|REL_CD|RELATION"),
    "note": ("Notes|Comments|Remarks|Description|Details|Item|Product|Item name|Subject|Task|Action|Topic|Outcome|Comment", "Remarques|Commentaires|Description|Article|Objet|Sujet", "NOTE|RMK|COMMENT|DESCR|TXT|ITEM_NM|DESC1"),
    "other_number": ("No.|#|ID|File no.|Reference|Case number|Ref|Client ID|Invoice|Seq|Run|SKU|Serial number|Order no.|Quantity|Qty|Amount|Total|Balance|Count|Hours|Units|Score|Points|Arrears|Assessed value", "No|Numéro|Dossier|No de dossier|Référence|Montant|Quantité|Solde|Total|Heures", "ID|SEQ|REC_NO|REF|CASE_ID|TRANS_ID|RUN|LINE_NO|AMT|QTY|TOT|VAL|KEY|ROW_ID|SKU|UUID|GUID|BAL"),
    "other_date": ("Date|Visit date|Start date|End date|Appointment|Updated|Created|Due date|Last seen|Date received|Time|Issued|Expiry|Enrolled", "Date|Date de visite|Début|Fin|Échéance|Reçu le|Heure", "DT|CREATED_DT|UPD_DT|START_DT|TS|TIMESTAMP|VISIT_DT|LAST_UPD|EXP_DT|EFF_DT"),
    "organisation": ("School|Agency|Organization|Employer|Company|Department|Unit name|Site|Location|Branch|Team|Program|Service|Status|Category|Type|Code|Colour|Language|Region|Ward|Active|Consent", "École|Organisme|Employeur|Service|Ministère|Emplacement|Équipe|Programme|Statut|Catégorie|Type|Langue", "SCH|SCH_CD|ORG|DEPT|SITE|LOC_CD|STATUS|CAT|TYP|FLG|CD|LANG|ACTIVE_FLG|PGM"),
}
# role: English, French, system words
ROLES = {
    "self": ("", "", ""),
    "student": ("Student|Pupil|Learner", "Élève|Étudiant", "STU|STDNT|PUPIL|ST"), "patient": ("Patient|Client|Resident", "Patient|Usager|Bénéficiaire", "PT|PAT|CLT"),
    "client": ("Client|Applicant|Claimant|Person|Registrant|Insured", "Client|Demandeur|Requérant|Prestataire", "CLI|APPL|CLNT"), "employee": ("Employee|Worker name|Staff member", "Employé|Salarié", "EMP|EE|WRKR"),
    "member": ("Member|Participant|Camper|Player|Donor|Volunteer|Subscriber|Account holder", "Membre|Participant|Abonné|Titulaire du compte", "MBR|PARTIC|CUST"),
    "child": ("Child|Child's|Dependant|Son/daughter", "Enfant|De l'enfant|Personne à charge", "CHLD|DEP|CHILD"),
    "guardian": ("Parent|Guardian|Parent/guardian|Mother|Father|Mother/Father|Mom|Dad|Custodial parent|Caregiver|Legal guardian", "Parent|Parent ou tuteur|Mère|Père|Tuteur", "PAR|GRDN|G|PARENT|GUARD|MOTHER|FATHER"),
    "spouse": ("Spouse|Partner|Husband/wife|Co-applicant", "Conjoint|Époux|Conjoint(e)", "SPSE|SP|PARTNER"),
    "emergency_contact": ("Emergency contact|Next of kin|In case of emergency|Emergency|Contact person|Person to notify", "Personne à prévenir|Contact d'urgence|En cas d'urgence|Plus proche parent", "EC|NOK|EMERG|NEXT_OF_KIN|ICE"),
    "staff": ("Teacher|Physician|Family doctor|Worker|Case worker|Supervisor|Manager|Nurse|Doctor|Caseworker|Counsellor|Coach|Completed by|Interviewer|Intake worker", "Enseignant|Titulaire|Médecin|Intervenant|Superviseur|Médecin de famille", "TCHR|DR|CSWKR|MGR|SUPV|MD|PHYS|WRKR"),
    "owner": ("Owner|Registered owner|Assessed owner|Owner name|Ratepayer|Taxpayer", "Propriétaire|Contribuable", "OWNER|OWN|OWNR"),
}
SELF_ROLES = ("student", "patient", "client", "employee", "member")
SUBJECT_OF_ROLE = {**{role: role for role in ROLES}, **{role: "self" for role in SELF_ROLES}}


def words(text, random):
    return random.choice(text.split("|"))


def styled(label, language, random):
    """The label as some hand or system writes it."""
    roll = random.random()
    if language == "system":
        if roll < .2:
            return label.title().replace("_", "")
        return label.lower() if roll < .4 else label.replace("_", " ") if roll < .5 else label
    if roll < .12:
        return label.upper()
    if roll < .2:
        return label.lower()
    if roll < .25:
        return label.title()
    if roll < .29:
        return re.sub(r"[^A-Za-z0-9]+", "_", label).strip("_") or label
    if roll < .33:
        return re.sub(r"(?<=[b-df-hj-np-tv-z])[aeiou](?=[b-df-hj-np-tv-z])", "", label)  # vowels left out
    return label


def compose(field, role, language, random, ordinal=0, bare=False):
    """A label for `field` of `role`; `bare` leaves the role's word out, as under a group header."""
    column = {"en": 0, "fr": 1, "system": 2}[language]
    what = words(FIELDS[field][column], random)
    who = words(ROLES[role][column], random) if role in ROLES and ROLES[role][column] else ""
    number = str(ordinal) if ordinal else ""
    if bare or not who:
        label = what
    elif field == "full_name" and random.random() < .6:
        label = f"{who}{' ' if language != 'system' and number else ''}{number}"
        if random.random() < .3:
            label += {"en": " name", "fr": " (nom)", "system": "_NM"}[language]
    elif language == "system":
        label = f"{who}{number}_{what}"
    elif language == "fr":
        label = random.choice((f"{what} {who.lower()} {number}", f"{what} - {who} {number}", f"{who} {number} - {what.lower()}")).strip()
    else:
        owner = f"{who} {number}".strip()
        label = random.choice((f"{owner} {what.lower()}", f"{owner} {what}", f"{owner}'s {what.lower()}", f"{what} of {owner.lower()}", f"{what} ({owner.lower()})", f"{owner} - {what}"))
    if random.random() < .05 and language != "system":
        label = random.choice((label + " *", label + " (required)", label + " / " + words(FIELDS[field][1 - column], random)))
    return styled(label, language, random)
